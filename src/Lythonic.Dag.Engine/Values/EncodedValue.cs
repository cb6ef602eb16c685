using System.Buffers;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>
/// A value as JSON text. A node's output and the inputs that it feeds share one object, so that a store writes a large value once.
/// </summary>
public sealed class EncodedValue
{
    /// <summary>
    /// A store keeps a text longer than this apart from its row, so that status rows stay close together and a value that is passed on is
    /// stored once.
    /// </summary>
    internal const int Large = 4_096;

    // The store's writer sets the key before it releases the text, so a reader that finds no text can rely on the key.
    // A string, if somebody gave one, or UTF-8.
    private volatile object? _text;
    private volatile IReadOnlyList<EncodedValue>? _elements;

    /// <summary>Wraps a JSON text without any facts about it.</summary>
    /// <param name="json">The text.</param>
    public EncodedValue(string json)
        : this(json, ValueFacts.None)
    {
    }

    /// <summary>Wraps a JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="facts">The facts that the codec knows of it.</param>
    public EncodedValue(string json, ValueFacts facts)
    {
        ArgumentNullException.ThrowIfNull(json);
        _text = json;
        Length = json.Length;
        Facts = facts;
    }

    internal EncodedValue(Utf8Text text, ValueFacts facts, IReadOnlyList<LargeElement>? largeElements = null)
    {
        _text = text;
        Length = text.Length;
        Facts = facts;
        LargeElements = largeElements;
    }

    /// <summary>Makes a list of values that the store has, or will have before this one, so that it need not store them twice.</summary>
    /// <param name="elements">The elements.</param>
    public EncodedValue(IReadOnlyList<EncodedValue> elements)
        : this(elements, null)
    {
    }

    internal EncodedValue(IReadOnlyList<EncodedValue> elements, ValueFacts? facts)
    {
        ArgumentNullException.ThrowIfNull(elements);
        _elements = elements;
        Length = (int)Math.Min(int.MaxValue, elements.Sum(element => element.Length + 1L) + 1);
        Facts = facts ?? elements.Aggregate(ValueFacts.None, (all, element) => all.With(element.Facts));
    }

    /// <summary>A value that a store already holds.</summary>
    /// <param name="key">What the store calls it.</param>
    public EncodedValue(StoreKey key)
    {
        KeyInStore = key;
        Facts = ValueFacts.None;
    }

    /// <summary>
    /// A value that a store holds for other node runs, which may be removed. Its text is kept here until the store holds it for this one
    /// too.
    /// </summary>
    /// <param name="key">What the store calls it.</param>
    /// <param name="utf8">The text.</param>
    internal static EncodedValue Borrow(StoreKey key, ReadOnlyMemory<byte> utf8) =>
        new(new Utf8Text(new(utf8)), ValueFacts.None) { KeyInStore = key };

    /// <summary>Whether a store holds it for other node runs, and its text is kept here.</summary>
    internal bool IsBorrowed => KeyInStore is not null && _text is not null;

    /// <summary>The facts that the codec knew when it wrote the value; none for a value that was read from a store.</summary>
    public ValueFacts Facts { get; }

    /// <summary>The large elements of a list, by their places in its text; <see langword="null"/> if there are none.</summary>
    internal IReadOnlyList<LargeElement>? LargeElements { get; }

    /// <summary>
    /// The length of the text: in bytes of UTF-8 if the codec wrote it, in UTF-16 code units if it was given as a string; 0 for one that
    /// was read from a store.
    /// </summary>
    public int Length { get; }

    /// <summary>The text; <see langword="null"/> if only the store has it.</summary>
    public string? Json => _text?.ToString() ?? Joined();

    /// <summary>The text as the codec wrote it; <see langword="null"/> if it was given as a string, or only the store has it.</summary>
    internal Utf8Text? Text => _text as Utf8Text;

    /// <summary>The elements of a list that is not written yet; otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<EncodedValue>? Elements => _elements;

    /// <summary>Whether only the store has the text.</summary>
    internal bool IsInStore => _text is null && _elements is null;

    /// <summary>Whether a store keeps the text apart from its row.</summary>
    internal bool IsLarge => Length > Large || _text is null;

    /// <summary>
    /// The store's key of the text, once it is written apart from its row; <see langword="null"/> until then. Only the store sets it.
    /// </summary>
    public StoreKey? KeyInStore { get; private set; }

    /// <summary>Releases the text. The store's writer calls it when the text is written apart and durable.</summary>
    /// <param name="key">What the store calls it.</param>
    public void Release(StoreKey key)
    {
        KeyInStore = key;
        _text = null;
        _elements = null;
    }

    /// <summary>Writes the text as UTF-8, if this object has it.</summary>
    /// <param name="to">The target.</param>
    /// <returns>Whether it was written.</returns>
    internal bool TryWrite(IBufferWriter<byte> to)
    {
        switch (_text)
        {
            case Utf8Text utf8:
                foreach (var piece in utf8.Bytes)
                    to.Write(piece.Span);
                return true;
            case string json:
                Encoding.UTF8.GetBytes(json, to);
                return true;
            default:
                if (Joined() is not { } joined)
                    return false;
                Encoding.UTF8.GetBytes(joined, to);
                return true;
        }
    }

    private string? Joined()
    {
        var texts = _elements?.Select(element => element.Json).ToList();
        return texts is null || texts.Contains(null) ? null : $"[{string.Join(',', texts)}]";
    }
}
