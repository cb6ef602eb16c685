namespace Lythonic.Dag.Commands;

/// <summary>Which DAG a cmdlet works on: the one that is given, or the one whose definition is being read.</summary>
internal static class DagTarget
{
    /// <summary>The DAG.</summary>
    /// <exception cref="DagException">There is none.</exception>
    public static Dag Resolve(Dag? given) => given is null ? Implied() : Binding.DagTransformationAttribute.Require(given, "-Dag");

    private static Dag Implied() => DagSession.Implied ?? throw new DagException(
        DagErrorId.DagInputMissing,
        "No DAG is given.",
        null,
        "Pipe a DAG in, name it with -Dag, or call this inside New-Dag -Definition { … }.");
}
