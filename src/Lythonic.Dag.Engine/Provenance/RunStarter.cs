namespace Lythonic.Dag.Provenance;

/// <summary>Who starts the runs of this process.</summary>
internal static class RunStarter
{
    /// <summary>User and machine, such as <c>jane@web1</c>.</summary>
    public static string Name { get; } = NameOf(Environment.UserName, Environment.MachineName);

    /// <summary>The process id.</summary>
    public static int ProcessId => Environment.ProcessId;

    /// <summary>User and machine; only the machine if the user has no name, as in some containers.</summary>
    public static string NameOf(string user, string machine) => user.Length == 0 ? machine : $"{user}@{machine}";
}
