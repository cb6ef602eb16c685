using System.Collections;
using Lythonic.Dag.Remote;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Transport;

/// <summary>Writes and reads values as they travel: in the stored form, with secrets beside it. For one call at a time.</summary>
internal sealed class ValueParcels
{
    private readonly SecretAdapter _adapter;
    private readonly JsonValueCodec _codec;

    /// <summary>Makes a codec.</summary>
    /// <param name="adapter">What PowerShell adds to it.</param>
    public ValueParcels(IValueAdapter adapter)
    {
        _adapter = new SecretAdapter(adapter);
        _codec = new JsonValueCodec(_adapter);
    }

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secrets">Takes its secrets.</param>
    /// <exception cref="ValueNotStorableException">The value cannot travel.</exception>
    public string Write(object? value, IList secrets)
    {
        _adapter.Secrets = secrets;
        return _codec.Encode(value).Json!;
    }

    /// <summary>Writes values by name.</summary>
    public Hashtable Write(IReadOnlyDictionary<string, object?> values, IList secrets)
    {
        var written = new Hashtable(values.Count);
        foreach (var (name, value) in values)
            written[name] = Write(value, secrets);
        return written;
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
