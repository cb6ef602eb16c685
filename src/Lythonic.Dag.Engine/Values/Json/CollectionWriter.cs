using System.Collections;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>Writes the collections of the fixed list.</summary>
internal sealed class CollectionWriter(ValueWriter writer, StoredTypes types)
{
    private readonly JsonTextWriter _json = writer.Json;
    private List<LargeElement>? _large;

    /// <summary>
    /// The large elements of a value that is a list, by their places in the text; <see langword="null"/> if there are none.
    /// </summary>
    public IReadOnlyList<LargeElement>? LargeElements => _large;

    public void Clear() => _large = null;

    /// <summary>Writes a collection with its tag; an array of objects needs none.</summary>
    public void Write(object value, CollectionForm form, Type? declared)
    {
        if (!writer.Path.TryEnter(value))
        {
            writer.WriteCut(value.GetType().ToString());
            return;
        }

        if (value.GetType() == typeof(object[]))
        {
            WriteArray(value, form, declared);
            return;
        }

        writer.Begin(form.Name);
        if (form.OriginalTypeName is not null)
        {
            writer.Member(ValueTags.Of);
            _json.Quoted(form.OriginalTypeName);
        }

        if (form.IsKeyed)
        {
            WriteKeyed((IDictionary)value, form, declared);
        }
        else
        {
            if (form.Kind is CollectionKind.Set or CollectionKind.SortedSet && CaseRules.IgnoresCase(value))
                WriteFlag(ValueTags.IgnoreCase);
            else if (form.Kind == CollectionKind.SortedSet && SortRules.IsOrdinal(value))
                WriteFlag(ValueTags.Ordinal);
            if (form.Kind == CollectionKind.Grid)
                WriteSize((Array)value);
            writer.Member(ValueTags.Value);
            WriteArray(value, form, declared);
        }

        _json.Raw('}');
    }

    /// <summary>Writes the content of an entered collection as a JSON array, and leaves it.</summary>
    public void WriteArray(object value, CollectionForm form, Type? declared)
    {
        _json.Raw('[');
        switch (value)
        {
            case string?[] texts: WriteTexts(texts); break;
            // To the runtime an array of enums or of uint is an int[] too.
            case int[] numbers when numbers.GetType() == typeof(int[]): WriteNumbers(numbers); break;
            case double[] numbers: WriteNumbers(numbers); break;
            case ITuple tuple: WriteItems(Items(tuple), CollectionTypes.ItemTargets(form, declared)); break;
            default:
                if (form.Kind == CollectionKind.Pair)
                    WriteItems(PairAccess.Items(value), CollectionTypes.ItemTargets(form, declared));
                else
                    WriteSequence((IEnumerable)value, form, declared);
                break;
        }

        _json.Raw(']');
        writer.Path.Leave();
    }

    /// <summary>Writes <c>,"entries":[[key,value],…]</c>.</summary>
    public void WriteEntries(IDictionary dictionary, Type keyType, Type valueType)
    {
        writer.Member(ValueTags.Entries);
        _json.Raw('[');
        var entries = dictionary.GetEnumerator();
        for (var i = 0; entries.MoveNext(); i++)
        {
            _json.Raw(i > 0 ? ",[" : "[");
            writer.Path.At(i);
            writer.WriteElement(entries.Key, keyType);
            _json.Raw(',');
            writer.WriteElement(entries.Value, valueType);
            _json.Raw(']');
        }

        _json.Raw(']');
    }

    private static object?[] Items(ITuple tuple)
    {
        var items = new object?[tuple.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = tuple[i];
        return items;
    }

    private void WriteKeyed(IDictionary dictionary, CollectionForm form, Type? declared)
    {
        if (form.Kind == CollectionKind.SortedTable
            ? CaseRules.IsCaseInsensitive(dictionary)
            : !form.IsTable && CaseRules.IgnoresCase(dictionary))
            WriteFlag(ValueTags.IgnoreCase);
        else if (form.Kind is CollectionKind.Hashtable or CollectionKind.Ordered && CaseRules.IsCaseSensitive(dictionary))
            WriteFlag(ValueTags.CaseSensitive);
        else if (form.Kind is CollectionKind.SortedDictionary or CollectionKind.SortedList && SortRules.IsOrdinal(dictionary))
            WriteFlag(ValueTags.Ordinal);
        var valueType = CollectionTypes.ValueTarget(form, declared);
        if (HasTextKeys(dictionary))
            WriteMembers(dictionary, valueType);
        else
            WriteEntries(dictionary, form.Arguments[0], valueType);
        writer.Path.Leave();
    }

    private static bool HasTextKeys(IDictionary dictionary)
    {
        foreach (var key in dictionary.Keys)
        {
            if (key is not string text || !JsonTextWriter.IsWellFormed(text))
                return false;
        }

        return true;
    }

    private void WriteMembers(IDictionary dictionary, Type valueType)
    {
        writer.Member(ValueTags.Value);
        _json.Raw('{');
        var entries = dictionary.GetEnumerator();
        for (var first = true; entries.MoveNext(); first = false)
        {
            if (!first)
                _json.Raw(',');
            writer.WriteName((string)entries.Key);
            writer.WriteElement(entries.Value, valueType);
        }

        _json.Raw('}');
    }

    private void WriteSize(Array array)
    {
        writer.Member(ValueTags.Size);
        _json.Raw('[');
        WriteNumbers([.. Enumerable.Range(0, array.Rank).Select(array.GetLength)]);
        _json.Raw(']');
    }

    private void WriteFlag(string name)
    {
        writer.Member(name);
        _json.Raw("true");
    }

    private void WriteSequence(IEnumerable sequence, CollectionForm form, Type? declared)
    {
        var target = CollectionTypes.ElementTarget(form, declared);
        // The text of the whole value begins with this list's.
        var isWhole = _json.Length == 1;
        var i = 0;
        foreach (var item in sequence)
        {
            writer.Separate(i);
            writer.Path.At(i);
            var start = _json.Length;
            writer.WriteElement(item, target);
            if (isWhole && _json.Length - start > EncodedValue.Large)
                (_large ??= []).Add(new(i, start, _json.Length));
            i++;
        }
    }

    private void WriteItems(object?[] items, Type[] targets)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                _json.Raw(',');
            writer.Path.At(i);
            writer.WriteElement(items[i], targets[i]);
        }
    }

    private void WriteTexts(string?[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0)
                _json.Raw(',');
            if (texts[i] is { } text)
                StringJson.Write(_json, text);
            else
                _json.Raw("null");
        }
    }

    private void WriteNumbers(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (i > 0)
                _json.Raw(',');
            _json.Number(numbers[i]);
        }
    }

    private void WriteNumbers(double[] numbers)
    {
        var scalar = types.ScalarOf(typeof(double))!;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (i > 0)
                _json.Raw(',');
            if (double.IsFinite(numbers[i]))
                _json.Double(numbers[i]);
            else
                scalar.Write(_json, numbers[i]);
        }
    }
}
