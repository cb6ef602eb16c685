using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>A node's output in a run: the live value, its stored form, or both.</summary>
internal sealed class OutputSlot
{
    private const string Snapshot = $"\"{ValueTags.Type}\":\"{ValueTags.Snapshot}\"";

    private readonly Type? _declared;
    private readonly Func<(object? Value, string? LostSecret)>? _compose;
    private readonly bool _isFaithful;
    private object? _value;
    private bool _isLive;

    private OutputSlot(object? value, bool isLive, EncodedValue? encoded, Type? declared, Func<(object?, string?)>? compose = null)
    {
        _compose = compose;
        // A snapshot of a live object is less than that object, and the place of a secret is none. Where the text is gone already nobody can tell.
        _isFaithful = isLive && encoded is { IsLarge: true, Json: { } json }
            && !json.Contains(Snapshot, StringComparison.Ordinal) && !json.Contains(StoredSecrets.Mark, StringComparison.Ordinal);
        _value = value;
        _isLive = isLive;
        _declared = declared;
        Encoded = encoded;
    }

    /// <summary>The stored form; <see langword="null"/> where nothing is kept.</summary>
    public EncodedValue? Encoded { get; }

    /// <summary>Whether it was stored by an earlier process or run.</summary>
    public bool WasStored { get; private init; }

    /// <summary>The type of a secret that the value had before it was stored, and has no more; <see langword="null"/> for none. Known once it is read.</summary>
    public string? LostSecret { get; private set; }

    /// <summary>An output of this process.</summary>
    /// <param name="value">The value.</param>
    /// <param name="encoded">The stored form; <see langword="null"/> where nothing is kept.</param>
    /// <param name="declared">The type that its node declares, or <see langword="null"/>.</param>
    /// <param name="lostSecret">The secret that an output it is made of has lost, or <see langword="null"/>.</param>
    public static OutputSlot Live(object? value, EncodedValue? encoded, Type? declared = null, string? lostSecret = null) =>
        new(value, true, encoded, declared) { LostSecret = lostSecret };

    /// <summary>An output that is made of others when it is first needed.</summary>
    /// <param name="compose">Makes it, and says which secret it has lost.</param>
    /// <param name="encoded">The stored form.</param>
    public static OutputSlot Composed(Func<(object? Value, string? LostSecret)> compose, EncodedValue encoded) => new(null, false, encoded, null, compose);

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
                (_value, LostSecret) = _compose is not null ? _compose() : Decoded(session, session.Provenance.GetText(Encoded!));
                _isLive = true;
            }

            return _value;
        }
    }

    private (object? Value, string? LostSecret) Decoded(RunSession session, string json) =>
        (Restored(session, session.Codec.Decode(json, _declared)), StoredSecrets.Find(json));

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

    /// <summary>Lets the live value go where it is large and the stored form brings it back as it was.</summary>
    public void LetGoIfFaithful()
    {
        if (_isFaithful)
            LetGo();
    }

    /// <summary>Lets the live value go where the stored form can bring it back.</summary>
    public void LetGo()
    {
        lock (this)
            (_value, _isLive) = (null, Encoded is null && _isLive);
    }
}
