namespace Lythonic.Dag.Runspace.Tests.Help;

/// <summary>A powershell block of a page, and the Output block that follows it.</summary>
/// <param name="Page">The page.</param>
/// <param name="Title">The heading above it.</param>
/// <param name="Code">The script.</param>
/// <param name="Output">What it writes.</param>
public sealed record HelpExample(string Page, string Title, string Code, string Output)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Page}: {Title}";
}
