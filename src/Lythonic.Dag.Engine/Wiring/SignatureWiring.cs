namespace Lythonic.Dag.Wiring;

/// <summary>Fills the parameters of one signature of a node, by the rules of the wiring in their order.</summary>
internal sealed class SignatureWiring
{
    private readonly string _label;
    private readonly NodeSignature _signature;
    private readonly IReadOnlyList<UpstreamEdge> _edges;
    private readonly Dictionary<string, InputBinding> _filled = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<int> _used = [];
    private readonly HashSet<NodeParameter> _ambiguous = [];

    private SignatureWiring(string label, NodeSignature signature, IReadOnlyList<UpstreamEdge> edges)
    {
        _label = label;
        _signature = signature;
        _edges = edges;
    }

    public NodeSignature Signature => _signature;

    /// <summary>The problems; none if the signature fits.</summary>
    public List<DagProblem> Problems { get; } = [];

    /// <summary>How many of the offered values the signature takes.</summary>
    public int FilledCount => _used.Count + _given;

    /// <summary>How many parameters were filled by their type.</summary>
    public int TypeMatches { get; private set; }

    /// <summary>How many parameters took, by type, an output that another parameter had already taken.</summary>
    public int Shared { get; private set; }

    /// <summary>How many parameters nothing fills.</summary>
    public int Unfilled => _signature.Parameters.Count - _filled.Count;

    private int _given;

    /// <summary>What fills the parameters, in their order.</summary>
    public IReadOnlyList<InputBinding> Bindings() =>
        [.. _signature.Parameters.Where(parameter => _filled.ContainsKey(parameter.Name)).Select(parameter => _filled[parameter.Name])];

    /// <summary>Wires a signature.</summary>
    /// <param name="node">The node.</param>
    /// <param name="signature">One of its signatures.</param>
    /// <param name="edges">Its edges, in order.</param>
    /// <param name="given">The source input for it, by parameter.</param>
    public static SignatureWiring Wire(
        DagNode node, NodeSignature signature, IReadOnlyList<UpstreamEdge> edges, IReadOnlyDictionary<string, object?> given)
    {
        var wiring = new SignatureWiring(node.Label, signature, edges);
        wiring.FillFromSourceInput(given);
        wiring.FillFromExplicitEdges();
        wiring.FillFromConstants(node.Settings.Constants);
        if (!signature.TakesPipelineValue)
        {
            wiring.MatchTypes();
            wiring.MatchNames();
            wiring.PairWhatIsLeft();
        }

        wiring.ReportMissing();
        return wiring;
    }

    private NodeParameter? Find(string name) =>
        _signature.Parameters.FirstOrDefault(parameter => parameter.GoesBy(name));

    private void FillFromSourceInput(IReadOnlyDictionary<string, object?> given)
    {
        foreach (var (name, value) in given)
        {
            if (Find(name) is not { } parameter)
            {
                Unknown(name, "The source input names");
                continue;
            }

            _filled[parameter.Name] = InputBinding.OfValue(parameter, value);
            _given++;
            if (value is not null && value.GetType() == parameter.Type)
                TypeMatches++;
        }
    }

    private void FillFromExplicitEdges()
    {
        foreach (var group in _edges.Where(edge => edge.Parameter is not null)
            .GroupBy(edge => Find(edge.Parameter!)?.Name ?? edge.Parameter!, StringComparer.OrdinalIgnoreCase))
        {
            var edges = group.ToList();
            if (Find(group.Key) is not { } parameter)
                Unknown(group.Key, $"The edge from '{edges[0].Label}' names");
            else if (!_filled.ContainsKey(parameter.Name))
                FillExplicitly(parameter, edges);
        }
    }

    private void FillExplicitly(NodeParameter parameter, List<UpstreamEdge> edges)
    {
        var element = TypeShape.ListElementType(parameter.Type);
        if (edges.Count > 1 && element is null)
            Ambiguous(parameter, edges);
        else if (edges.Count > 1 || (edges[0].Type is { } type && type == element))
            FillFanIn(parameter, edges);
        else
            Fill(parameter, edges[0]);
    }

    private void FillFromConstants(IReadOnlyDictionary<string, object?> constants)
    {
        foreach (var (name, value) in constants)
        {
            if (Find(name) is not { } parameter)
                Unknown(name, "The constants name");
            else
                _filled.TryAdd(parameter.Name, InputBinding.OfValue(parameter, value));
        }
    }

    private void MatchTypes()
    {
        // Parameters with a default come last, and take what no other parameter takes.
        foreach (var parameter in _signature.Parameters.OrderBy(parameter => parameter.HasDefault))
        {
            if (_filled.ContainsKey(parameter.Name) || parameter.Type is not { } type)
                continue;
            var offered = _edges.Where(
                edge => edge.IsFree && edge.Type is not null && !(parameter.HasDefault && _used.Contains(edge.Upstream))).ToList();
            var whole = Closest(offered, type);
            var element = TypeShape.ListElementType(type);
            if (whole.Count > 1)
                Ambiguous(parameter, whole);
            else if (whole.Count == 1)
                FillByType(parameter, whole, false);
            else if (element is not null && element != typeof(object) && Closest(offered, element) is { Count: > 0 } elements)
                FillByType(parameter, elements, true);
        }
    }

    private static List<UpstreamEdge> Closest(List<UpstreamEdge> offered, Type type)
    {
        var exact = offered.Where(edge => edge.Type == type).ToList();
        return exact.Count > 0 ? exact : offered.Where(edge => type.IsAssignableFrom(edge.Type)).ToList();
    }

    private void FillByType(NodeParameter parameter, List<UpstreamEdge> edges, bool fanIn)
    {
        TypeMatches++;
        if (edges.TrueForAll(edge => _used.Contains(edge.Upstream)))
            Shared++;
        if (fanIn)
            FillFanIn(parameter, edges);
        else
            Fill(parameter, edges[0]);
    }

    private void MatchNames()
    {
        foreach (var parameter in _signature.Parameters.Where(parameter => parameter.Type is null && !_filled.ContainsKey(parameter.Name)))
        {
            if (_edges.FirstOrDefault(edge => edge.IsFree && parameter.GoesBy(edge.Label)) is { } edge)
                Fill(parameter, edge);
        }
    }

    private void PairWhatIsLeft()
    {
        var parameters = new Queue<NodeParameter>(
            _signature.Parameters.Where(parameter => !_filled.ContainsKey(parameter.Name) && TypeShape.TakesLeftOver(parameter)));
        var edges = _edges.Where(edge => edge.IsFree && !_used.Contains(edge.Upstream)).ToList();
        var undeclared = new Queue<UpstreamEdge>(edges.Where(edge => edge.Type is null));
        if (parameters.Count == 1 && TypeShape.ListElementType(parameters.Peek().Type) is { } element)
        {
            // If the last parameter is a list, it collects all that is left, and not only the first output.
            var rest = element == typeof(object) ? edges : [.. undeclared];
            if (rest.Count > 1)
            {
                FillFanIn(parameters.Dequeue(), rest);
                return;
            }
        }

        while (parameters.Count > 0 && undeclared.Count > 0)
            Fill(parameters.Dequeue(), undeclared.Dequeue());
        var left = edges.Where(edge => !_used.Contains(edge.Upstream)).ToList();
        if (parameters.Count == 1 && left.Count == 1)
            Fill(parameters.Dequeue(), left[0]);
        else if (left.Count > 1 && parameters.FirstOrDefault(parameter => parameter is { Type: null, HasDefault: false }) is { } open)
            Ambiguous(open, left);
    }

    private void Fill(NodeParameter parameter, UpstreamEdge edge)
    {
        if (edge.Type is { } from && parameter.Type is { } to && TypeShape.CannotConvert(from, to))
        {
            Problems.Add(new(
                DagErrorId.DagTypeMismatch,
                _label,
                $"The parameter '{parameter.Name}' of node '{_label}' takes {to}, "
            + $"and the output of '{edge.Label}' ({from}) cannot be converted to it.",
                "Change the type of the parameter or of the output."));
        }

        _filled[parameter.Name] = InputBinding.OfUpstream(parameter, edge.Upstream);
        _used.Add(edge.Upstream);
    }

    private void FillFanIn(NodeParameter parameter, List<UpstreamEdge> edges)
    {
        _filled[parameter.Name] = InputBinding.OfFanIn(parameter, edges.Select(edge => edge.Upstream));
        _used.UnionWith(edges.Select(edge => edge.Upstream));
    }

    private void ReportMissing()
    {
        foreach (var parameter in _signature.Parameters.Where(
            parameter => parameter.IsMandatory && !_filled.ContainsKey(parameter.Name) && !_ambiguous.Contains(parameter)))
        {
            var candidates = _edges.Count == 0
                ? "it is a source, and the source input does not give it"
                : $"its upstreams are: {Candidates(_edges)}";
            Problems.Add(new(
                DagErrorId.DagInputMissing,
                _label,
                $"Nothing fills the mandatory parameter '{parameter.Name}' ({TypeShape.Name(parameter.Type)}) of node '{_label}'; "
                    + $"{candidates}.")
            {
                Remedy = new(_edges.Count == 0 ? DagRemedyKind.FillSourceParameter : DagRemedyKind.FillParameter)
                {
                    Node = _label,
                    Parameter = parameter.Name,
                },
            });
        }
    }

    private void Ambiguous(NodeParameter parameter, List<UpstreamEdge> edges)
    {
        _ambiguous.Add(parameter);
        Problems.Add(new(
            DagErrorId.DagInputAmbiguous,
            _label,
            $"Several outputs fit the parameter '{parameter.Name}' ({TypeShape.Name(parameter.Type)}) of node '{_label}': "
                + $"{Candidates(edges)}.")
        {
            Remedy = new(DagRemedyKind.ConnectParameter) { Node = _label, Parameter = parameter.Name },
        });
    }

    private void Unknown(string name, string subject) =>
        Problems.Add(new(
            DagErrorId.DagSourceInputUnknown,
            _label,
            $"{subject} '{name}', but node '{_label}' has no such parameter; "
                + (_signature.Parameters.Count == 0
                    ? "it has none."
                    : $"it has: {LabelList.Join(_signature.Parameters.Select(parameter => parameter.Name))}."),
            "Correct the name of the parameter."));

    private static string Candidates(IReadOnlyList<UpstreamEdge> edges) =>
        string.Join(", ", edges.Select(edge => $"'{edge.Label}' ({TypeShape.Name(edge.Type)})"));
}
