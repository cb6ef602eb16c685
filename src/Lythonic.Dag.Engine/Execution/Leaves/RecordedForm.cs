using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The form in which a live value was last recorded. Each node that takes the value may change it, and so may any other that has the same
/// object: so it is compared with its form when the next node takes it. Thread-safe.
/// </summary>
/// <param name="encoded">The form.</param>
/// <param name="declared">The type by which it was encoded, or <see langword="null"/>.</param>
/// <param name="fingerprint">The fingerprint of its text; <see langword="null"/> if it cannot be compared.</param>
/// <param name="isShared">Whether the graph gives the value, or something in it, to several nodes.</param>
internal sealed class RecordedForm(EncodedValue encoded, Type? declared, TextFingerprint? fingerprint, bool isShared)
{
    // However many nodes take a value, comparing it costs no more than encoding this much text. A live object costs more: its properties
    // are code.
    private const long MostCompared = 4_000_000;
    private const long MostOfSnapshots = 256_000;

    private readonly object _lock = new();
    private EncodedValue _current = encoded;
    private TextFingerprint? _fingerprint = fingerprint;
    private bool _isRestored;
    private long _compared;
    private bool _isUnsure;

    /// <summary>The forms of the elements of a list that is made of them, each recorded by itself; or <see langword="null"/>.</summary>
    public RecordedForm[]? Parts { get; init; }

    /// <summary>The form that was recorded last.</summary>
    public EncodedValue Current => Volatile.Read(ref _current);

    /// <summary>Whether it is never compared, because the value cannot change or nobody has asked for a comparison.</summary>
    public bool IsFinal => !_isRestored && Parts is null && _fingerprint is null;

    /// <summary>
    /// The form of a value that comes from the store. Later it is compared with its form when the first node takes it.
    /// </summary>
    public static RecordedForm Restored(EncodedValue encoded, Type? declared, bool isShared) =>
        new(encoded, declared, null, isShared) { _isRestored = isShared };

    /// <summary>
    /// The form of a value that has just been encoded. It is compared later if that may be needed and its text is in memory.
    /// </summary>
    public static RecordedForm Create(
        EncodedValue encoded, object? bare, Type? declared, bool isShared, RecordedForm[]? parts = null) =>
        new(encoded, declared, parts is null && MayChange(bare) ? FingerprintOf(encoded, isShared) : null, isShared) { Parts = parts };

    /// <summary>Whether a value, without its host's wrapper, can change.</summary>
    public static bool MayChange(object? bare) =>
        bare is not (null or string or Uri or Version)
        && bare.GetType() is var type
        && !(type.IsPrimitive || type.IsEnum || (type.IsValueType && type.Namespace == nameof(System) && !type.IsGenericType));

    /// <summary>The fingerprint of a value that may be compared; a large one that no other node gets is not.</summary>
    public static TextFingerprint? FingerprintOf(EncodedValue encoded, bool isShared) =>
        encoded is { Elements: null, Facts.IsPartial: false } && (isShared || !(encoded.IsLarge || encoded.Facts.HasSnapshot))
            ? TextFingerprint.Compute(encoded)
            : null;

    /// <summary>The form of the value for a node that takes it now.</summary>
    /// <param name="value">The value.</param>
    /// <param name="codec">Encodes it.</param>
    /// <param name="change">Whether the value differs from the one recorded before.</param>
    public EncodedValue Refresh(object? value, IValueCodec codec, out ValueChange change)
    {
        change = ValueChange.None;
        var form = Current;
        if (_isRestored)
            Begin(value, codec);
        else if (!MayCompare(form))
            return form;
        var isLive = form.Facts.HasSnapshot;
        var length = _fingerprint?.Length ?? form.Length;
        if ((length > EncodedValue.Large || isLive) && Interlocked.Add(ref _compared, length) > (isLive ? MostOfSnapshots : MostCompared))
        {
            // The properties of live objects change even if no node changes them.
            _isUnsure |= !isLive;
            return form;
        }

        change = Compare(value, codec);
        return Current;
    }

    /// <summary>
    /// Whether the value has changed since nodes took it, if it was not compared for each of them. Asked when no more nodes take it.
    /// </summary>
    public ValueChange LookAgain(object? value, IValueCodec codec)
    {
        if (!_isUnsure)
            return ValueChange.None;
        _isUnsure = false;
        return Compare(value, codec) == ValueChange.None ? ValueChange.None : ValueChange.Missed;
    }

    /// <summary>Whether the value has changed since its form was recorded, at the end of a run.</summary>
    public bool HasChanged(object? value, IValueCodec codec) =>
        MayCompare(Current) && !Current.Facts.HasSnapshot && Compare(value, codec) != ValueChange.None;

    private void Begin(object? value, IValueCodec codec)
    {
        lock (_lock)
        {
            if (_isRestored)
                _fingerprint = FingerprintOf(codec.Encode(value, declared), isShared: true);
            _isRestored = false;
        }
    }

    private bool MayCompare(EncodedValue form) => Parts is null ? _fingerprint is not null : isShared || !form.IsLarge;

    private ValueChange Compare(object? value, IValueCodec codec)
    {
        try
        {
            if (Parts is { } parts && value is object?[] items && items.Length == parts.Length)
                return ComparedParts(parts, items, codec) ? ValueChange.None : Record(codec.Encode(value, declared));
            var now = codec.Encode(value, declared);
            // A property may be missing only because this thread has no session: that does not mean that the value changed.
            return _fingerprint is { } fingerprint && !now.Facts.IsPartial && fingerprint != FingerprintOf(now)
                ? Record(now)
                : ValueChange.None;
        }
        catch (ValueNotStorableException)
        {
            // A node is changing it at this moment, or it can no longer be stored.
            return ValueChange.Missed;
        }
    }

    private static TextFingerprint? FingerprintOf(EncodedValue encoded) => TextFingerprint.Compute(encoded);

    private static bool ComparedParts(RecordedForm[] parts, object?[] items, IValueCodec codec)
    {
        var isSame = true;
        for (var i = 0; i < parts.Length; i++)
        {
            var before = parts[i].Current;
            if (parts[i].MayCompare(before) && !before.Facts.HasSnapshot)
                isSame &= parts[i].Compare(items[i], codec) == ValueChange.None;
        }

        return isSame;
    }

    private ValueChange Record(EncodedValue now)
    {
        lock (_lock)
        {
            if (Parts is null)
                _fingerprint = FingerprintOf(now);
            var isLive = _current.Facts.HasSnapshot || now.Facts.HasSnapshot;
            Volatile.Write(ref _current, now);
            return isLive ? ValueChange.None : ValueChange.Recorded;
        }
    }
}
