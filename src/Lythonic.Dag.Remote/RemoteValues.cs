using System.Collections;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Remote;

/// <summary>
/// Values in the form in which they are stored. Secrets, which are never stored, travel beside the text, encrypted by the session itself;
/// the text has their places. One value at a time, on one thread.
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
