using System.Management.Automation;

namespace Tests;

/// <summary>Listens to the errors of a job, and throws.</summary>
public static class LoudListener
{
    /// <summary>Begins to listen.</summary>
    public static void To(Job job) => job.Error.DataAdded += static (_, _) => throw new NotSupportedException("I do not like errors.");
}
