using System.Collections;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>Code that the model's invoker runs: a number, or a list of them, made of the label and the input.</summary>
/// <param name="label">The label of its node.</param>
/// <param name="listSize">How long a list may be that it returns; less than 0 for a number.</param>
/// <param name="keys">Which kind of dictionary the list is, as <see cref="Keys"/> has them; less than 0 for a list.</param>
/// <param name="branches">Of a predicate that picks a branch: how many there are; else 0.</param>
internal sealed class PlanCode(string label, int listSize, int keys = -1, int branches = 0) : NodeCode
{
    public override NodeKind Kind => NodeKind.ScriptBlock;

    public override IReadOnlyList<NodeSignature> Signatures { get; } = [new([], null, label) { TakesPipelineValue = true }];

    public override string Fingerprint => label;

    public override string Description => label;

    /// <summary>Whether the code is a condition.</summary>
    public bool IsCondition { get; init; }

    public bool IsPredicate => branches > 0 || IsCondition;

    /// <summary>The value that the code returns.</summary>
    public object? Evaluate(object? input)
    {
        var hash = Hash(label, Form(input));
        if (IsCondition)
            return Says(input);
        if (IsPredicate)
            return $"b{hash % branches}";
        if (listSize < 0)
            return hash;
        object[] list = [.. Enumerable.Range(0, hash % (listSize + 1)).Select(index => (object)Hash(label, index.ToString(null, null)))];
        return keys < 0 ? list : Keys.Make(keys, list);
    }

    /// <summary>The answer of a condition.</summary>
    public bool Says(object? input) => Hash(label, "if", Form(input)) % 3 != 0;

    /// <summary>A value as text, so that two can be compared.</summary>
    public static string Form(object? value) => value switch
    {
        object?[] list => $"[{string.Join(',', list.Select(Form))}]",
        IDictionary dictionary => "{" + string.Join(
            ',', dictionary.Keys.Cast<object>().Select(key => $"{Text(key)}={Form(dictionary[key])}").Order(StringComparer.Ordinal)) + "}",
        _ => Text(value),
    };

    /// <summary>A key or a plain value as text.</summary>
    public static string Text(object? value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    /// <summary>A number that is the same in every process.</summary>
    public static int Hash(params ReadOnlySpan<string> texts)
    {
        var hash = 2166136261u;
        foreach (var text in texts)
        {
            foreach (var letter in text)
                hash = (hash ^ letter) * 16777619u;
            hash = (hash ^ '|') * 16777619u;
        }

        hash = (hash ^ (hash >> 15)) * 2246822519u;
        return (int)((hash ^ (hash >> 13)) & 0x7fff);
    }
}
