namespace Lythonic.Dag.Wiring;

/// <summary>The words for a name that is no parameter of a node.</summary>
internal static class UnknownParameter
{
    /// <summary>What to do about it.</summary>
    public const string Action = "Correct the name of the parameter.";

    /// <summary>The message: what names it, the parameters that the node has, and the one that may be meant.</summary>
    /// <param name="subject">What names it, as the beginning of a sentence, such as <c>-Parameter names</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="label">The label of the node.</param>
    /// <param name="parameters">The names of its parameters.</param>
    public static string Message(string subject, string name, string label, IReadOnlyCollection<string> parameters)
    {
        var those = parameters.Count == 0 ? "it has none." : $"it has: {LabelList.Join(parameters)}.";
        return $"{subject} '{name}', but node '{label}' has no such parameter; {those}{NearName.Question(name, parameters)}";
    }
}
