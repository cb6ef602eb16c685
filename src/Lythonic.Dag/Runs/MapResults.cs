using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Runs;

/// <summary>Writes the outputs of a map's elements to the pipeline, as they come or in the order of the input.</summary>
/// <param name="map">The map node.</param>
/// <param name="cmdlet">The cmdlet that writes them.</param>
/// <param name="ordered">
/// To write in the order of the input, how many elements may be in flight; <see langword="null"/> to write as they come.
/// </param>
internal sealed class MapResults(DagNode map, Cmdlet cmdlet, int? ordered)
{
    // How many elements may be handed over beyond the first one that has not ended. Their results wait in memory for that one.
    private readonly int _window = ordered is { } limit ? Math.Max(256, 16 * Math.Min(limit, 4_096)) : int.MaxValue;

    private readonly Dictionary<int, (ElementEnd End, RunSession Session)> _held = [];
    private readonly bool _declaresList = map.SubDags!.Single!.Nodes[0].Code!.Signatures[0].OutputType is { } type
        && typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && !typeof(IDictionary).IsAssignableFrom(type);

    private int _next;

    /// <summary>Whether another element may be handed over.</summary>
    /// <param name="before">How many have been handed over so far.</param>
    public bool HasRoom(int before) => before - _next < _window;

    /// <summary>Writes the output of an element that has ended, now or when its turn comes.</summary>
    public void Add(ElementEnd end, RunSession session)
    {
        if (ordered is null)
        {
            Write(end, session);
            return;
        }

        _held[end.Element.Ordinal] = (end, session);
        while (_held.Remove(_next, out var next))
        {
            _next++;
            Write(next.End, next.Session);
        }
    }

    /// <summary>After the end of the run, writes the outputs that waited for elements that never ended.</summary>
    public void WriteRest()
    {
        foreach (var (ordinal, (end, session)) in _held.OrderBy(held => held.Key).ToList())
        {
            _held.Remove(ordinal);
            Write(end, session);
        }
    }

    // Code that emits nothing writes nothing. Several emitted objects come as an array, which is written item by item, and so is a declared
    // list. Any other collection was emitted as one object and is written as one.
    private void Write(ElementEnd end, RunSession session)
    {
        object? value;
        try
        {
            value = end.Output?.Read(session);
        }
        catch (DagException error)
        {
            cmdlet.WriteError(ErrorRecords.From(error));
            return;
        }

        if (value is not null)
            cmdlet.WriteObject(value, value is object[] || _declaresList);
    }
}
