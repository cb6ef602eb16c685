using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>A node's output in a run: the live value, its stored form, or both.</summary>
internal sealed class OutputSlot
{
    private readonly Type? _declared;
    private object? _value;
    private bool _isLive;

    private OutputSlot(object? value, bool isLive, EncodedValue? encoded, Type? declared)
    {
        _value = value;
        _isLive = isLive;
        _declared = declared;
        Encoded = encoded;
    }

    /// <summary>The stored form; <see langword="null"/> where nothing is kept.</summary>
    public EncodedValue? Encoded { get; }

    /// <summary>Whether it was stored by an earlier process or run.</summary>
    public bool WasStored { get; private init; }

    /// <summary>An output of this process.</summary>
    public static OutputSlot Live(object? value, EncodedValue? encoded) => new(value, true, encoded, null);

    /// <summary>An output that was stored before; it is read when it is first needed.</summary>
    /// <param name="encoded">The stored form.</param>
    /// <param name="declared">The type that its node declares, or <see langword="null"/>.</param>
    public static OutputSlot Stored(EncodedValue encoded, Type? declared) => new(null, false, encoded, declared) { WasStored = true };

    /// <summary>The value.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagValueNotRestorable"/>: the stored form cannot be read.</exception>
    public object? Read(RunSession session)
    {
        lock (this)
        {
            if (!_isLive)
            {
                _value = Restored(session, session.Codec.Decode(session.Provenance.GetText(Encoded!), _declared));
                _isLive = true;
            }

            return _value;
        }
    }

    private object? Restored(RunSession session, object? value)
    {
        if (_declared is not { } type || value is null || type.IsInstanceOfType(value))
            return value;
        return session.Converter.TryConvert(value, type, out var converted, out var problem)
            ? converted
            : throw new DagException(
                DagErrorId.DagValueNotRestorable,
                $"A stored output does not come back as {type}: {problem}",
                null,
                "Run its node again with Invoke-DagReplay.");
    }

    /// <summary>Lets the live value go where the stored form can bring it back and is large enough to matter.</summary>
    public void LetGo()
    {
        lock (this)
            (_value, _isLive) = (null, Encoded is null && _isLive);
    }
}
