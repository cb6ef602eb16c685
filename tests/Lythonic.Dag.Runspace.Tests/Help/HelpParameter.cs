namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>What a page says of a parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its description.</param>
/// <param name="Facts">The lines of its yaml block.</param>
public sealed record HelpParameter(string Name, string Text, IReadOnlyList<string> Facts)
{
    /// <summary>What stands behind a key; a text in quotes without them.</summary>
    public string Fact(string key)
    {
        var value = Facts.Single(fact => fact.StartsWith($"{key}:", StringComparison.Ordinal))[(key.Length + 1)..].Trim();
        return value.StartsWith('\'') ? value[1..^1].Replace("''", "'", StringComparison.Ordinal) : value;
    }

    /// <summary>The items below a key.</summary>
    public IEnumerable<string> List(string key) => Facts
        .SkipWhile(fact => !fact.StartsWith($"{key}:", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(fact => fact.StartsWith("- ", StringComparison.Ordinal)).Select(fact => fact[2..].Trim());

    /// <summary>For each parameter set: whether it is required, its position, and how the pipeline binds to it.</summary>
    public IEnumerable<string> Sets()
    {
        var start = Facts.ToList().IndexOf("ParameterSets:") + 1;
        var lines = Facts.Skip(start)
            .TakeWhile(fact => fact.StartsWith("- ", StringComparison.Ordinal) || fact.StartsWith("  ", StringComparison.Ordinal));
        return lines.Chunk(6)
            .Select(set => string.Join(' ', set.Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())));
    }
}
