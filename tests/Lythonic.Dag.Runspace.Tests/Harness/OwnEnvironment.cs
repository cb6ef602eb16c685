namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>Tests that set environment variables. These belong to the process, so no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnEnvironment
{
    public const string Name = "environment";
}
