using System.Collections;
using System.Management.Automation;
using Lythonic.Dag.Errors;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Commands;

/// <summary>Writes what the elements of a map give, as it comes or in the order of the input.</summary>
/// <param name="map">The map.</param>
/// <param name="cmdlet">What writes it.</param>
/// <param name="ordered">How many elements may be in flight, where results are written in order; else <see langword="null"/>.</param>
internal sealed class MapResults(DagNode map, Cmdlet cmdlet, int? ordered)
{
    // How many elements may be ahead of the first one that is not done, as their results wait for it.
    private readonly int _window = ordered is { } limit ? Math.Max(256, 16 * Math.Min(limit, 4_096)) : int.MaxValue;

    private readonly Dictionary<int, (ElementEnd End, RunSession Session)> _held = [];
    private readonly bool _declaresList = map.SubDags!.Single!.Nodes[0].Code!.Signatures[0].OutputType is { } type
        && typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string) && !typeof(IDictionary).IsAssignableFrom(type);

    private int _next;

    /// <summary>Whether an element may be handed over, with as many before it.</summary>
    public bool HasRoom(int before) => before - _next < _window;

    /// <summary>An element is done, or has failed.</summary>
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

    /// <summary>Writes the results that waited for elements that will not end any more.</summary>
    public void WriteRest()
    {
        foreach (var (ordinal, (end, session)) in _held.OrderBy(held => held.Key).ToList())
        {
            _held.Remove(ordinal);
            Write(end, session);
        }
    }

    // Code that emits nothing writes nothing. Several objects are an array, as is what is declared as one; a collection of another kind was
    // emitted as one object.
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
