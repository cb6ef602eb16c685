using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Behaviour;

/// <summary>What <c>$env:LYTHONIC_DAG_DB</c> may name.</summary>
[Collection(OwnEnvironment.Name)]
public sealed class DatabaseVariableTests : ModuleTest, IDisposable
{
    private const string Variable = "LYTHONIC_DAG_DB";
    private const string Run =
        "$PSDefaultParameterValues.Clear(); $null = $ExecutionContext.SessionState.Path.SetLocation($Folder); "
        + "$d = New-Dag d { Add-DagNode a { 7 } }\n";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    void IDisposable.Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Dispose();
    }

    [Fact]
    public void A_path_of_the_environment_is_relative_to_the_location()
    {
        Environment.SetEnvironmentVariable(Variable, "here.db");

        Gives("True", $"{Run}$null = Invoke-Dag $d; [IO.File]::Exists(\"$Folder/here.db\")");
    }

    [Fact]
    public void What_is_no_path_of_a_file_is_refused()
    {
        Environment.SetEnvironmentVariable(Variable, "Env:/x.db");

        FailsWith("DagDatabaseInvalid", $"{Run}Invoke-Dag $d", "Environment");
    }
}
