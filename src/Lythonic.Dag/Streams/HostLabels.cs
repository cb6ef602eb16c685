using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// If several nodes of a run, or elements of a map, write host output, puts the name of the node in front of each line, so that people can
/// tell them apart. If a DAG runs several pieces of code, a line that a native command writes to stderr and an error record have the name
/// in their text; the exception of the record stays. What is kept with the node run stays as it was written. Use it on the pipeline's
/// thread.
/// </summary>
/// <param name="dag">The DAG of the run.</param>
/// <param name="inFlight">How many nodes of the run are in flight.</param>
internal sealed class HostLabels(Dag dag, Func<int> inFlight)
{
    private static readonly HashSet<string> HostCommands = new(["Write-Host", "Out-Host"], StringComparer.OrdinalIgnoreCase);

    private readonly Lazy<bool> _severalWrite = new(() => SeveralWrite(dag));
    private readonly Lazy<bool> _severalRun = new(() => SeveralRun(dag));
    private readonly HashSet<string> _midLine = new(StringComparer.OrdinalIgnoreCase);
    private string? _first;
    private bool _isMixed;

    /// <summary>Returns the record as it is shown.</summary>
    /// <param name="context">The node that wrote it.</param>
    /// <param name="record">The record.</param>
    public object? Apply(DagContext context, object? record) => record switch
    {
        InformationRecord { MessageData: HostInformationMessage message } said when IsLabelled(context) => Labelled(said, message, context),
        ErrorRecord error when _severalRun.Value => NativeLine.Is(error) ? Labelled(error, context) : WithLabel(error, context),
        _ => record,
    };

    private bool IsLabelled(DagContext context)
    {
        _first ??= context.NodeLabel;
        _isMixed |= !_first.Equals(context.NodeLabel, StringComparison.OrdinalIgnoreCase) || inFlight() > 1 || _severalWrite.Value;
        return _isMixed;
    }

    private InformationRecord Labelled(InformationRecord record, HostInformationMessage message, DagContext context)
    {
        // A line that is written in parts has the label once.
        var isNew = !_midLine.Remove(NodePlaces.Of(context));
        if (message.NoNewLine == true)
            _midLine.Add(NodePlaces.Of(context));
        var text = message.Message ?? "";
        var labelled = new InformationRecord(
            new HostInformationMessage
            {
                Message = isNew ? Lines(text, context) : text,
                NoNewLine = message.NoNewLine,
                ForegroundColor = message.ForegroundColor,
                BackgroundColor = message.BackgroundColor,
            },
            record.Source);
        labelled.Tags.AddRange(record.Tags);
        labelled.TimeGenerated = record.TimeGenerated;
        labelled.Computer = record.Computer;
        labelled.User = record.User;
        return labelled;
    }

    private static ErrorRecord Labelled(ErrorRecord line, DagContext context) =>
        new(
            new RemoteException(Lines(line.Exception.Message, context)),
            line.FullyQualifiedErrorId,
            line.CategoryInfo.Category,
            line.TargetObject);

    // The node may still hold the record, so a copy gets the label.
    private static ErrorRecord WithLabel(ErrorRecord error, DagContext context)
    {
        var shown = error.GetType() == typeof(ErrorRecord) ? new ErrorRecord(error, null) : error;
        var notes = PSObject.AsPSObject(shown).Properties;
        var missing = PSObject.AsPSObject(error).Properties.OfType<PSNoteProperty>().Where(note => notes[note.Name] is null);
        foreach (var note in missing.ToList())
            notes.Add(new PSNoteProperty(note.Name, note.Value));
        shown.ErrorDetails = new ErrorDetails($"[{NodePlaces.Of(context)}] {error}")
        {
            RecommendedAction = error.ErrorDetails?.RecommendedAction ?? "",
        };
        return shown;
    }

    // An empty line needs no label.
    private static string Lines(string text, DagContext context) => string.Join(
        '\n', text.Split('\n').Select(line => line.Trim('\r').Length == 0 ? line : $"[{NodePlaces.Of(context)}] {line}"));

    private static bool SeveralRun(Dag dag) => NodesWithCode(dag, []).Take(2).Count() > 1;

    // Decided by the texts of the scripts, so that the first line has its label too, whatever runs beside it. The elements of a map are
    // told apart as nodes are, but for those of a DAG whose only code they run.
    private static bool SeveralWrite(Dag dag)
    {
        var writers = NodesWithCode(dag, []).Where(found => WritesToHost((ScriptBlockCode)found.Node.Code!)).ToList();
        return writers.Count > 1 || (writers.Any(writer => writer.IsInMap) && SeveralRun(dag));
    }

    private static IEnumerable<(DagNode Node, bool IsInMap)> NodesWithCode(Dag dag, HashSet<Dag> seen, bool isInMap = false)
    {
        if (!seen.Add(dag))
            yield break;

        foreach (var node in dag.Nodes)
        {
            if (node.Code is ScriptBlockCode)
                yield return (node, isInMap);
            var isMap = isInMap || node.Kind == NodeKind.Map;
            foreach (var found in (node.SubDags?.All() ?? []).SelectMany(sub => NodesWithCode(sub.Dag, seen, isMap)))
                yield return found;
        }
    }

    private static bool WritesToHost(ScriptBlockCode code) => code.Body.Find(
        ast => ast switch
        {
            CommandAst command => command.GetCommandName() is { } name && HostCommands.Contains(name),
            VariableExpressionAst variable => variable.VariablePath.UserPath.Equals("Host", StringComparison.OrdinalIgnoreCase),
            _ => false,
        },
        searchNestedScriptBlocks: true) is not null;
}
