using System.Buffers;
using System.Text.Json;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>
/// The stored form of a value for comparisons. Whatever has no order of its own is sorted, because a hash table has another order in every
/// process. Also finds the files in the value, whose state is compared too, and whatever cannot be compared.
/// </summary>
internal sealed class ComparableForm
{
    private const int Deepest = 1_000;
    private const string File = "file";
    private const string Directory = "directory";

    private readonly List<string> _paths = [];
    private string? _obstacle;
    private int _depth;

    private ComparableForm()
    {
    }

    /// <summary>Why the value cannot be compared; <see langword="null"/> if it can.</summary>
    public string? Obstacle => _obstacle;

    /// <summary>The text.</summary>
    public ReadOnlySequence<byte> Text { get; private set; }

    /// <summary>The files and folders in the value, in the order in which they were found.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>The form of a stored text.</summary>
    public static ComparableForm Read(ReadOnlySequence<byte> json)
    {
        var form = new ComparableForm();
        // Most values have no tag, and are compared as they stand.
        if (json.IsSingleSegment && json.FirstSpan.IndexOf("\"$type\""u8) < 0)
        {
            form.Text = json;
            return form;
        }

        var text = new ArrayBufferWriter<byte>((int)Math.Min(json.Length, 1 << 20));
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ValueTags.MaximumJsonDepth });
        reader.Read();
        form.Write(ref reader, text, hasPaths: false);
        form.Text = new(text.WrittenMemory);
        return form;
    }

    private void Write(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to, bool hasPaths)
    {
        if (++_depth > Deepest)
            _obstacle ??= "a value that is nested too deeply";
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                WriteItems(ref reader, to, hasPaths, sorted: false);
                break;
            case JsonTokenType.StartObject:
                reader.Read();
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(ValueTags.Type))
                    WriteTagged(ref reader, to);
                else
                    WriteMembers(ref reader, to, hasPaths, sorted: false);
                break;
            case JsonTokenType.String:
                if (hasPaths && reader.GetString() is { } path && Path.IsPathFullyQualified(path))
                    _paths.Add(path);
                Copy(ref reader, to);
                break;
            default:
                Copy(ref reader, to);
                break;
        }

        _depth--;
    }

    private void WriteTagged(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to)
    {
        reader.Read();
        var tag = reader.GetString()!;
        to.Write("{\"$type\":"u8);
        Copy(ref reader, to);
        var isNamed = false;
        while (_obstacle is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBody = reader.ValueTextEquals(ValueTags.Value) || reader.ValueTextEquals(ValueTags.Entries);
            var isName = reader.ValueTextEquals(ValueTags.Of);
            isNamed |= isName;
            to.Write(","u8);
            Copy(ref reader, to);
            to.Write(":"u8);
            reader.Read();
            if (isName)
                Refuse(tag, reader.GetString());
            if (isBody)
                WriteBody(ref reader, to, tag, isNamed);
            else
                Write(ref reader, to, hasPaths: false);
        }

        Refuse(tag, null);
        to.Write("}"u8);
    }

    // The members of a body are no tags, whatever they are called.
    private void WriteBody(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to, string tag, bool isNamed)
    {
        var hasPaths = MayHaveFiles(tag) || (tag == ValueTags.Object && isNamed);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            reader.Read();
            WriteMembers(ref reader, to, hasPaths, sorted: tag == "hashtable");
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            WriteItems(ref reader, to, hasPaths, sorted: tag == "hashtable" || IsSet(tag));
        }
        else
        {
            Write(ref reader, to, hasPaths);
        }
    }

    private void WriteItems(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to, bool hasPaths, bool sorted)
    {
        List<ReadOnlyMemory<byte>>? items = sorted ? [] : null;
        to.Write("["u8);
        for (var first = true; _obstacle is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first && !sorted)
                to.Write(","u8);
            var item = sorted ? new ArrayBufferWriter<byte>() : to;
            Write(ref reader, item, hasPaths);
            items?.Add(item.WrittenMemory);
        }

        WriteSorted(items, to);
        to.Write("]"u8);
    }

    // The reader stands on the first name, or on the end.
    private void WriteMembers(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to, bool hasPaths, bool sorted)
    {
        List<ReadOnlyMemory<byte>>? members = sorted ? [] : null;
        to.Write("{"u8);
        for (var first = true; _obstacle is null && reader.TokenType == JsonTokenType.PropertyName; first = false)
        {
            if (!first && !sorted)
                to.Write(","u8);
            var member = sorted ? new ArrayBufferWriter<byte>() : to;
            Copy(ref reader, member);
            member.Write(":"u8);
            reader.Read();
            Write(ref reader, member, hasPaths);
            members?.Add(member.WrittenMemory);
            reader.Read();
        }

        WriteSorted(members, to);
        to.Write("}"u8);
    }

    private static void WriteSorted(List<ReadOnlyMemory<byte>>? items, ArrayBufferWriter<byte> to)
    {
        if (items is null)
            return;
        items.Sort(static (one, other) => one.Span.SequenceCompareTo(other.Span));
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
                to.Write(","u8);
            to.Write(items[index].Span);
        }
    }

    private static void Copy(ref Utf8JsonReader reader, ArrayBufferWriter<byte> to)
    {
        var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        if (isText)
            to.Write("\""u8);
        if (reader.HasValueSequence)
        {
            foreach (var piece in reader.ValueSequence)
                to.Write(piece.Span);
        }
        else
        {
            to.Write(reader.ValueSpan);
        }

        if (isText)
            to.Write("\""u8);
    }

    private void Refuse(string tag, string? typeName) => _obstacle ??= tag switch
    {
        ValueTags.Snapshot => typeName is null ? "a live object" : $"a live object ({typeName})",
        ValueTags.Secret => typeName is null ? "a secret" : $"a secret ({typeName})",
        ValueTags.Truncated => "an object that is not stored whole",
        _ => null,
    };

    private static bool IsSet(string tag) =>
        tag.StartsWith("set<", StringComparison.Ordinal) || tag.StartsWith("sortedset<", StringComparison.Ordinal);

    private static bool MayHaveFiles(string tag) =>
        tag.Contains(File, StringComparison.Ordinal) || tag.Contains(Directory, StringComparison.Ordinal);
}
