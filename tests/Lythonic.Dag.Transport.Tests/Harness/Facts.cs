namespace Lythonic.Dag.Transport.Tests.Harness;

/// <summary>A test that needs a PowerShell to start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshFactAttribute : FactAttribute
{
    public PwshFactAttribute() => Skip = Pwsh.Missing;
}

/// <summary>A test with cases that needs a PowerShell to start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PwshTheoryAttribute : TheoryAttribute
{
    public PwshTheoryAttribute() => Skip = Pwsh.Missing;
}

/// <summary>A test that needs an SSH server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SshFactAttribute : FactAttribute
{
    public SshFactAttribute() => Skip = Sshd.Missing;
}

/// <summary>A test with cases that needs an SSH server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SshTheoryAttribute : TheoryAttribute
{
    public SshTheoryAttribute() => Skip = Sshd.Missing;
}

/// <summary>A test that needs Slurm.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = Slurm.Missing;
}
