using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>The target of the streams of a run: a cmdlet or a job. Only the thread that drains the queue uses it.</summary>
internal interface IStreamTarget
{
    /// <summary>Writes what a node wrote.</summary>
    void Write(DagContext context, object? record);

    /// <summary>
    /// Writes to the host what a closing node wrote after the pipeline was stopped, because the streams take nothing any more.
    /// </summary>
    void WriteStopped(DagContext context, object? record);

    /// <summary>Writes progress of the run itself.</summary>
    void WriteProgress(ProgressRecord record);

    /// <summary>Runs a scriptblock with an argument in the caller's own session.</summary>
    void CallInline(ScriptBlock script, object argument);
}
