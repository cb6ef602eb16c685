using System.Management.Automation;
using Lythonic.Dag.Comparing;
using Lythonic.Dag.Internal;
using Lythonic.Dag.Values;
using Microsoft.PowerShell;

namespace Lythonic.Dag.Export;

/// <summary>The values of two compared runs as text, so that people see in what they differ.</summary>
internal static class ComparedValue
{
    // How much of what is equal stands before the first letter that differs.
    private const int Context = 12;

    /// <summary>The value of one of the runs, on one line.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="value">The value of the run.</param>
    /// <param name="width">The most characters; 3 at the least.</param>
    public static string Render(DagDifference difference, object? value, int width)
    {
        if (difference.Change is DagChange.Status or DagChange.Only && value is string status)
            return DagText.Middle(DagText.Word(status), width);
        if (difference.Change is not (DagChange.Input or DagChange.Output or DagChange.Error) || difference.Sides != ComparedSides.Both)
            return Cut(Line(value, width), 0, width);
        var (one, other) = (Line(difference.Reference ?? "$null", width), Line(difference.Difference ?? "$null", width));
        if (one != other)
            return Cut(Line(value ?? "$null", width), one.AsSpan().CommonPrefixLength(other), width);
        if (TypeOf(difference.Reference) != TypeOf(difference.Difference))
            return Cut($"{TypeOf(value)}{Line(value ?? "$null", width)}", 0, width);
        var common = Stored(difference.Reference).AsSpan().CommonPrefixLength(Stored(difference.Difference));
        return Cut(Stored(value), common, width);
    }

    /// <summary>The value of one of the runs, with the line breaks of a text.</summary>
    /// <inheritdoc cref="Render"/>
    public static string RenderLines(DagDifference difference, object? value, int width)
    {
        if (value is not string text || !text.Contains('\n', StringComparison.Ordinal))
            return Render(difference, value, width);
        var other = ReferenceEquals(value, difference.Reference) ? difference.Difference : difference.Reference;
        return Cut(text, text.AsSpan().CommonPrefixLength(other as string), width);
    }

    // A text is not cut here, because what differs may stand at its end.
    private static string Line(object? value, int width) => value switch
    {
        null => "",
        string text => DagText.Middle(text, int.MaxValue),
        _ => ShortText.Render(value, Codec(), 2 * width),
    };

    private static string Stored(object? value)
    {
        try
        {
            return Codec().Encode(value).Json ?? "";
        }
        catch (Exception error) when (error is DagException or ValueNotStorableException)
        {
            return "";
        }
    }

    private static JsonValueCodec Codec() => new(new PowerShellValueAdapter());

    private static string TypeOf(object? value) => value switch
    {
        null => "",
        PSObject { BaseObject: PSCustomObject } described => $"[{described.TypeNames[0]}] ",
        PSObject wrapped => TypeOf(wrapped.BaseObject),
        _ => $"[{ToStringCodeMethods.Type(PSObject.AsPSObject(value.GetType()))}] ",
    };

    private static string Cut(string text, int common, int width)
    {
        if (text.Length <= width)
            return text;
        if (common < width / 2)
            return TextCut.After(text, width - 1);
        return TextCut.After(TextCut.Before(text, text.Length - common + Context), width - 1);
    }
}
