using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>Keeps what nodes write in a job's streams, for <c>Receive-Job</c>.</summary>
internal sealed class JobStreams(Job job) : IStreamTarget
{
    /// <inheritdoc/>
    public void Write(DagContext context, object? record)
    {
        switch (record)
        {
            case ErrorRecord error:
                CmdletStreams.Attribute(error, context);
                job.Error.Add(error);
                break;
            case WarningRecord warning:
                job.Warning.Add(new WarningRecord($"[{NodePlaces.Of(context)}] {warning.Message}"));
                break;
            case VerboseRecord verbose:
                job.Verbose.Add(new VerboseRecord($"[{NodePlaces.Of(context)}] {verbose.Message}"));
                break;
            case OwnVerbose own:
                job.Verbose.Add(new VerboseRecord(own.Text));
                break;
            case OwnInformation own:
                var shown = new InformationRecord(own.Message, null);
                shown.Tags.Add(OwnInformation.Shown);
                job.Information.Add(shown);
                break;
            case DebugRecord debug:
                job.Debug.Add(new DebugRecord($"[{NodePlaces.Of(context)}] {debug.Message}"));
                break;
            case InformationRecord information:
                job.Information.Add(information);
                break;
            case ShownInformation { Record: var decided }:
                job.Information.Add(decided);
                break;
        }
    }

    /// <inheritdoc/>
    public void WriteStopped(DagContext context, object? record) => Write(context, record);

    /// <inheritdoc/>
    public void WriteProgress(ProgressRecord record) => job.Progress.Add(record);

    /// <inheritdoc/>
    public void CallInline(ScriptBlock script, object argument) =>
        throw new DagException(
            DagErrorId.DagInputMissing, "A job has no caller's session to run inline nodes in.", null, "Leave -Inline or -AsJob out.");
}
