using System.Collections;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Reads and writes values in their stored form. Secrets are never stored: they travel beside the text, encrypted by the remoting session,
/// and the text has their places. It handles one value at a time, on one thread.
/// </summary>
internal sealed class RemoteValues
{
    private readonly SecretAdapter _adapter = new(new PowerShellValueAdapter());
    private readonly JsonValueCodec _codec;

    public RemoteValues() => _codec = new JsonValueCodec(_adapter);

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secrets">Takes the secrets.</param>
    public string Write(object? value, IList secrets)
    {
        _adapter.Secrets = secrets;
        return _codec.Encode(value).Json!;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="secrets">The secrets that came with it.</param>
    public object? Read(string json, IList secrets)
    {
        _adapter.Secrets = secrets;
        return _codec.Decode(json);
    }
}
