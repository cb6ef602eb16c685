namespace Lythonic.Dag.Wiring;

/// <summary>Problems with what the parameters of nodes get that several parts of the compiler find.</summary>
internal static class InputProblems
{
    /// <summary>The problem that an output can never be what a parameter takes.</summary>
    public static DagProblem Mismatch(string node, string parameter, Type to, string upstream, Type from) => new(
        DagErrorId.DagTypeMismatch,
        node,
        $"The parameter '{parameter}' of node '{node}' takes {to}, and the output of '{upstream}' ({from}) cannot be converted to it.",
        "Change the type of the parameter or of the output.");

    /// <summary>The problem that a composite node has a constant: what is inside it has the parameters.</summary>
    public static DagProblem ConstantOfComposite(DagNode composite, string name)
    {
        string[] inside = [.. composite.SubDags!.All()
            .SelectMany(branch => branch.Dag.Nodes)
            .SelectMany(node => node.Code?.Signatures ?? [])
            .SelectMany(signature => signature.Parameters)
            .Select(parameter => parameter.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        return new(
            DagErrorId.DagSourceInputUnknown,
            composite.Label,
            $"The constants name '{name}', but node '{composite.Label}' has no parameters of its own.{NearName.Question(name, inside)}",
            "Give the constant to the node inside that has the parameter, or correct its name.")
        {
            Meant = NearName.Of(name, inside),
        };
    }
}
