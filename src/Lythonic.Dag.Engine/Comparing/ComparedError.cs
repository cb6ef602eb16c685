using System.Text.RegularExpressions;
using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// The error of a node run or a sub-run, as a comparison sees it. Where in a script it happened and by which calls is left out, because
/// edited code moves it; and so is in which attempt it happened, which is a difference of its own. The ids of the run differ each time, and
/// count as equal. All else is the user's own text, and is compared as it is.
/// </summary>
/// <param name="Text">The error for people.</param>
/// <param name="Compared">The text that another error is equal to, or not.</param>
internal readonly partial record struct ComparedError(string Text, string Compared)
{
    private const string SomeRun = "<run>";

    // So many characters of an id are shown where it is short.
    private const int ShortId = 8;

    /// <summary>The error of a node run; <see langword="null"/> if it has none, or a text that says why it did not run.</summary>
    /// <param name="node">The node run.</param>
    /// <param name="runIds">The ids of the run, and of the sub-run that the node is in.</param>
    public static ComparedError? Of(StoredNodeRun node, IReadOnlyList<string> runIds) =>
        node.Status is NodeStatus.Failed or NodeStatus.Cancelled || node.Errors.All > 0 ? Of(node.Error, runIds) : null;

    /// <summary>An error that was stored; <see langword="null"/> for none.</summary>
    /// <param name="error">Its whole text, or <see langword="null"/>.</param>
    /// <param name="runIds">The ids of the runs in which it happened.</param>
    public static ComparedError? Of(string? error, IReadOnlyList<string> runIds)
    {
        if (string.IsNullOrWhiteSpace(error))
            return null;
        var text = Position().Split(error.Trim(), 2)[0].TrimEnd();
        var compared = InAttempt().Replace(text, "");
        foreach (var id in runIds)
        {
            compared = compared.Replace(id, SomeRun, StringComparison.OrdinalIgnoreCase);
            if (id.Length > ShortId)
                compared = compared.Replace(id[..ShortId], SomeRun, StringComparison.OrdinalIgnoreCase);
        }

        return new(text, compared);
    }

    // The position that PowerShell writes below an error, or the first call of an exception's stack.
    [GeneratedRegex(@"\r?\n(?:At |[ \t]+at )")]
    private static partial Regex Position();

    [GeneratedRegex(@", in attempt \d+(?=\.)")]
    private static partial Regex InAttempt();
}
