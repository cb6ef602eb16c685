namespace Lythonic.Dag.Binding;

/// <summary>Completes <c>-On</c> with <c>Process</c> and the hosts in the user's <c>~/.ssh/config</c>.</summary>
public sealed class HostCompleter : QuietCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Candidates(CompletionContext context)
    {
        var file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "config");
        var lines = File.Exists(file) ? File.ReadLines(file) : [];
        return lines.Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0].Equals("Host", StringComparison.OrdinalIgnoreCase))
            .SelectMany(words => words.Skip(1))
            .Where(name => name.IndexOfAny(['*', '?', '!']) < 0)
            .Select(name => (name, "a host of ssh's configuration"))
            .Append(("Process", "a PowerShell process of its own on this machine"));
    }
}
