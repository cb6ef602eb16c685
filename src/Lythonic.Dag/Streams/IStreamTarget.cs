using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>Where a run's streams go: a cmdlet's, or a job's. Used on the one thread that drains the queue.</summary>
internal interface IStreamTarget
{
    /// <summary>Writes what a node wrote.</summary>
    void Write(DagContext context, object? record);

    /// <summary>Writes progress of the run itself.</summary>
    void WriteProgress(ProgressRecord record);

    /// <summary>Runs a scriptblock with an argument in the caller's own session.</summary>
    void CallInline(ScriptBlock script, object argument);
}
