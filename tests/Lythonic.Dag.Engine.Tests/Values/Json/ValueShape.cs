using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Lythonic.Dag.Engine.Tests.Values;

/// <summary>Describes a value with every type in it, so that two values are the same when their descriptions are.</summary>
internal static class ValueShape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        if (value is null)
        {
            text.Append("null");
            return;
        }

        text.Append(value.GetType()).Append('(');
        switch (value)
        {
            case string or char:
                text.AppendJoin(' ', value.ToString()!.Select(unit => ((int)unit).ToString("x4", CultureInfo.InvariantCulture)));
                break;
            case DateTime moment: text.Append(moment.Ticks).Append(moment.Kind); break;
            case DateTimeOffset moment: text.Append(moment.Ticks).Append(moment.Offset); break;
            case TimeOnly time: text.Append(time.Ticks); break;
            case double number: text.Append(BitConverter.DoubleToInt64Bits(number)); break;
            case float number: text.Append(BitConverter.SingleToInt32Bits(number)); break;
            case Regex regex: text.Append(regex).Append((int)regex.Options).Append(regex.MatchTimeout); break;
            case XmlDocument document: text.Append(document.PreserveWhitespace).Append(document.OuterXml); break;
            case FileSystemInfo file: text.Append(file.FullName); break;
            case Uri uri: text.Append(uri.IsAbsoluteUri).Append(uri.OriginalString); break;
            case Array { Rank: > 1 } grid:
                text.AppendJoin('x', Enumerable.Range(0, grid.Rank).Select(grid.GetLength));
                AppendAll(text, grid);
                break;
            case IDictionary dictionary: AppendEntries(text, dictionary); break;
            case ITuple tuple: AppendAll(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i])); break;
            case IEnumerable items: AppendAll(text, items); break;
            default: AppendPlain(text, value); break;
        }

        text.Append(')');
    }

    private static void AppendPlain(StringBuilder text, object value)
    {
        if (value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            AppendAll(text, new[] { type.GetProperty("Key")!.GetValue(value), type.GetProperty("Value")!.GetValue(value) });
        else
            text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    private static void AppendEntries(StringBuilder text, IDictionary dictionary)
    {
        var entries = dictionary.Cast<object>().Select(entry => entry is DictionaryEntry pair
            ? $"{Of(pair.Key)}={Of(pair.Value)}"
            : Of(entry));
        text.AppendJoin(';', dictionary is Hashtable ? entries.Order(StringComparer.Ordinal) : entries);
    }

    private static void AppendAll(StringBuilder text, IEnumerable items)
    {
        foreach (var item in items)
        {
            Append(text, item);
            text.Append(';');
        }
    }
}
