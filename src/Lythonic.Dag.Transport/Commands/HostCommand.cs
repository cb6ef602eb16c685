namespace Lythonic.Dag.Transport;

/// <summary>A command line whose standard input and output speak PowerShell's remoting protocol.</summary>
public sealed class HostCommand : IEquatable<HostCommand>
{
    /// <summary>Makes a command line. No shell reads it: each argument reaches the program as it is.</summary>
    /// <param name="words">The program, by its name or path, and its arguments.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagNameInvalid"/>: there is no program, or a word has a control
    /// character.</exception>
    public HostCommand(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0 || string.IsNullOrWhiteSpace(words[0]))
            throw HostText.Refuse("command", "", "names no program");
        foreach (var word in words)
            HostText.CheckWord("command", word);
        Program = words[0];
        Arguments = [.. words.Skip(1)];
    }

    /// <summary>The program.</summary>
    public string Program { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <inheritdoc/>
    public bool Equals(HostCommand? other) =>
        other is not null && Program == other.Program && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HostCommand);

    /// <inheritdoc/>
    public override int GetHashCode() => Arguments.Aggregate(Program.GetHashCode(StringComparison.Ordinal), HashCode.Combine);

    /// <summary>The program's name, without folder and extension.</summary>
    public override string ToString() => Path.GetFileNameWithoutExtension(Program);
}
