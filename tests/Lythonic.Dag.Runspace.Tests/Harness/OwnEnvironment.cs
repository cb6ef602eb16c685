namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>Tests that set environment variables, which belong to the process: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnEnvironment
{
    public const string Name = "environment";
}
