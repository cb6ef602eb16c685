using Lythonic.Dag.Sessions;

namespace Lythonic.Dag.Runs;

/// <summary>Finds the DAG that a cmdlet works on.</summary>
internal static class DagTarget
{
    /// <summary>The DAG that was given, or else the one whose <c>-Definition</c> is being read.</summary>
    /// <exception cref="DagException"><see cref="DagErrorId.DagInputMissing"/>: there is neither.</exception>
    public static Dag Resolve(Dag? given) => given is null ? Implied() : Binding.DagTransformationAttribute.Require(given, "-Dag");

    private static Dag Implied() => DagSession.Implied ?? throw new DagException(
        DagErrorId.DagInputMissing,
        "No DAG is given.",
        null,
        "Pipe a DAG in, name it with -Dag, or call this inside New-Dag -Definition { … }.");
}
