namespace Lythonic.Dag.Wiring;

/// <summary>Fills the parameters of one signature of a node, by the rules of the wiring in their order.</summary>
internal sealed class SignatureWiring
{
    private const string TheConstants = "The constants name";

    private readonly string _label;
    private readonly NodeSignature _signature;
    private readonly IReadOnlyList<UpstreamEdge> _edges;
    private readonly InputBinding?[] _filled;
    private UpstreamSet _used;
    private HashSet<NodeParameter>? _ambiguous;
    private List<DagProblem>? _problems;
    private int _given;

    private SignatureWiring(string label, NodeSignature signature, IReadOnlyList<UpstreamEdge> edges)
    {
        _label = label;
        _signature = signature;
        _edges = edges;
        _filled = new InputBinding?[signature.Parameters.Count];
    }

    public NodeSignature Signature => _signature;

    /// <summary>The problems; none if the signature fits.</summary>
    public IReadOnlyList<DagProblem> Problems => _problems ?? (IReadOnlyList<DagProblem>)[];

    /// <summary>How many of the offered values the signature takes.</summary>
    public int FilledCount => _used.Count + _given;

    /// <summary>How many parameters were filled by their type.</summary>
    public int TypeMatches { get; private set; }

    /// <summary>How many parameters took, by type, an output that another parameter had already taken.</summary>
    public int Shared { get; private set; }

    /// <summary>How many parameters nothing fills.</summary>
    public int Unfilled => _filled.Count(static binding => binding is null);

    /// <summary>The problems of constants: those that are no parameters of a signature, and several that are the same one.</summary>
    public static IEnumerable<DagProblem> ProblemsOfConstants(DagNode node, NodeSignature signature)
    {
        var constants = node.Settings.Constants.Keys;
        return constants.Where(name => !signature.Parameters.Any(parameter => parameter.GoesBy(name)))
            .Select(name => Unknown(name, TheConstants, node.Label, signature))
            .Concat(signature.Parameters.Select(parameter => constants.Where(parameter.GoesBy).ToList())
                .Where(names => names.Count > 1)
                .Select(names => Twice(node.Label, names[0], names[1])));
    }

    /// <summary>What fills the parameters, in their order.</summary>
    public InputBinding[] Bindings() => Unfilled == 0 ? (InputBinding[])_filled.Clone() : [.. _filled.OfType<InputBinding>()];

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
        wiring.FillFromConstants(node);
        if (!signature.TakesPipelineValue)
        {
            wiring.MatchTypes();
            wiring.MatchNames();
            wiring.PairWhatIsLeft();
        }

        wiring.ReportMissing();
        return wiring;
    }

    // The position of a parameter by its name or an alias; -1 for none.
    private int Find(string name)
    {
        for (var position = 0; position < _filled.Length; position++)
        {
            if (_signature.Parameters[position].GoesBy(name))
                return position;
        }

        return -1;
    }

    private void FillFromSourceInput(IReadOnlyDictionary<string, object?> given)
    {
        if (given.Count == 0)
            return;
        foreach (var (name, value) in given)
        {
            var position = Find(name);
            if (position < 0)
            {
                Unknown(name, "The source input names");
                continue;
            }

            var parameter = _signature.Parameters[position];
            _filled[position] = InputBinding.OfValue(parameter, value);
            _given++;
            if (value is not null && value.GetType() == parameter.Type)
                TypeMatches++;
        }
    }

    private void FillFromExplicitEdges()
    {
        // Most edges name none.
        if (!_edges.Any(static edge => edge.Parameter is not null))
            return;
        foreach (var group in _edges.Where(edge => edge.Parameter is not null).GroupBy(NameOf, StringComparer.OrdinalIgnoreCase))
        {
            var edges = group.ToList();
            var position = Find(group.Key);
            if (position < 0)
                Unknown(group.Key, $"The edge from '{edges[0].Label}' names");
            else if (_filled[position] is null)
                FillExplicitly(position, edges);
        }
    }

    private string NameOf(UpstreamEdge edge) =>
        Find(edge.Parameter!) is var position && position < 0 ? edge.Parameter! : _signature.Parameters[position].Name;

    private void FillExplicitly(int position, List<UpstreamEdge> edges)
    {
        var element = TypeShape.ListElementType(_signature.Parameters[position].Type);
        if (edges.Count > 1 && element is null)
            Ambiguous(_signature.Parameters[position], edges);
        else if (edges.Count > 1 || (edges[0].Type is { } type && type == element))
            FillFanIn(position, edges);
        else
            Fill(position, edges[0]);
    }

    private void FillFromConstants(DagNode node)
    {
        if (node.Settings.Constants.Count == 0)
            return;
        foreach (var problem in ProblemsOfConstants(node, _signature))
            Add(problem);
        foreach (var (name, value) in node.Settings.Constants)
        {
            if (Find(name) is var position and >= 0)
                _filled[position] ??= InputBinding.OfValue(_signature.Parameters[position], value);
        }
    }

    // Parameters with a default come last, and take what no other parameter takes.
    private void MatchTypes()
    {
        MatchTypes(haveDefaults: false);
        MatchTypes(haveDefaults: true);
    }

    private void MatchTypes(bool haveDefaults)
    {
        for (var position = 0; position < _filled.Length; position++)
        {
            var parameter = _signature.Parameters[position];
            if (parameter.HasDefault != haveDefaults || _filled[position] is not null || parameter.Type is not { } type)
                continue;
            var whole = Closest(parameter, type);
            var element = TypeShape.ListElementType(type);
            if (whole.Count > 1)
                Ambiguous(parameter, whole);
            else if (whole.Count == 1)
                FillByType(position, whole, false);
            else if (element is not null && element != typeof(object) && Closest(parameter, element) is { Count: > 0 } elements)
                FillByType(position, elements, true);
        }
    }

    // What is offered to a parameter of that very type; else what can be assigned to it.
    private List<UpstreamEdge> Closest(NodeParameter parameter, Type type)
    {
        List<UpstreamEdge>? exact = null;
        List<UpstreamEdge>? assignable = null;
        foreach (var edge in _edges)
        {
            if (!edge.IsFree || edge.Type is null || (parameter.HasDefault && _used.Contains(edge.Upstream)))
                continue;
            if (edge.Type == type)
                (exact ??= []).Add(edge);
            else if (exact is null && type.IsAssignableFrom(edge.Type))
                (assignable ??= []).Add(edge);
        }

        return exact ?? assignable ?? [];
    }

    private void FillByType(int position, List<UpstreamEdge> edges, bool fanIn)
    {
        TypeMatches++;
        if (_used.Count > 0 && edges.TrueForAll(edge => _used.Contains(edge.Upstream)))
            Shared++;
        if (fanIn)
            FillFanIn(position, edges);
        else
            Fill(position, edges[0]);
    }

    private void MatchNames()
    {
        for (var position = 0; position < _filled.Length; position++)
        {
            if (_signature.Parameters[position] is { Type: null } parameter && _filled[position] is null
                && _edges.FirstOrDefault(edge => edge.IsFree && parameter.GoesBy(edge.Label)) is { } edge)
                Fill(position, edge);
        }
    }

    private void PairWhatIsLeft()
    {
        if (Array.TrueForAll(_filled, static binding => binding is not null))
            return;
        var parameters = new Queue<int>(Enumerable.Range(0, _filled.Length)
            .Where(position => _filled[position] is null && TypeShape.TakesLeftOver(_signature.Parameters[position])));
        var edges = _edges.Where(edge => edge.IsFree && !_used.Contains(edge.Upstream)).ToList();
        var undeclared = new Queue<UpstreamEdge>(edges.Where(edge => edge.Type is null));
        if (parameters.Count == 1 && TypeShape.ListElementType(_signature.Parameters[parameters.Peek()].Type) is { } element)
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
        // A parameter that can keep its default does not stand in the way of one that would be empty.
        List<int> empty = parameters.Count == 1
            ? [.. parameters]
            : [.. parameters.Where(position => !_signature.Parameters[position].HasDefault)];
        if (empty.Count == 1 && left.Count == 1)
            Fill(empty[0], left[0]);
        else if (left.Count > 1 && empty.Select(position => _signature.Parameters[position])
            .FirstOrDefault(parameter => parameter is { Type: null, HasDefault: false }) is { } open)
            Ambiguous(open, left);
    }

    private void Fill(int position, UpstreamEdge edge)
    {
        var parameter = _signature.Parameters[position];
        if (edge.Type is { } from && parameter is { Type: { } to, HasOwnConversion: false } && TypeShape.CannotConvert(from, to))
            Add(InputProblems.Mismatch(_label, parameter.Name, to, edge.Label, from));
        _filled[position] = InputBinding.OfUpstream(parameter, edge.Upstream);
        _used.Add(edge.Upstream);
    }

    private void FillFanIn(int position, List<UpstreamEdge> edges)
    {
        _filled[position] = InputBinding.OfFanIn(_signature.Parameters[position], edges.Select(edge => edge.Upstream));
        foreach (var edge in edges)
            _used.Add(edge.Upstream);
    }

    private void ReportMissing()
    {
        for (var position = 0; position < _filled.Length; position++)
        {
            var parameter = _signature.Parameters[position];
            if (!parameter.IsMandatory || _filled[position] is not null || _ambiguous?.Contains(parameter) == true)
                continue;
            var candidates = _edges.Count == 0
                ? "it is a source, and the source input does not give it"
                : $"its upstreams are: {Candidates(_edges)}";
            Add(new(
                DagErrorId.DagInputMissing,
                _label,
                $"Nothing fills the mandatory parameter '{parameter.Name}' ({TypeShape.Name(parameter.Type)}) of node '{_label}'; "
                    + $"{candidates}.{NearName.Question(parameter.Name, _edges.Select(edge => edge.Label))}")
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
        (_ambiguous ??= []).Add(parameter);
        Add(new(
            DagErrorId.DagInputAmbiguous,
            _label,
            $"Several outputs fit the parameter '{parameter.Name}' ({TypeShape.Name(parameter.Type)}) of node '{_label}': "
                + $"{Candidates(edges)}.")
        {
            Remedy = new(DagRemedyKind.ConnectParameter) { Node = _label, Parameter = parameter.Name },
        });
    }

    private void Add(DagProblem problem) => (_problems ??= []).Add(problem);

    private void Unknown(string name, string subject) => Add(Unknown(name, subject, _label, _signature));

    private static DagProblem Twice(string label, string first, string second) => new(
        DagErrorId.DagInputAmbiguous,
        label,
        $"The constants of node '{label}' have the keys '{first}' and '{second}', which are one parameter: an alias is its parameter.",
        "Give one of them.");

    private static DagProblem Unknown(string name, string subject, string label, NodeSignature signature) => new(
        DagErrorId.DagSourceInputUnknown,
        label,
        UnknownParameter.Message(subject, name, label, [.. signature.Parameters.Select(parameter => parameter.Name)]),
        UnknownParameter.Action)
    {
        Meant = NearName.Of(name, signature.Parameters.Select(parameter => parameter.Name)),
    };

    private static string Candidates(IReadOnlyList<UpstreamEdge> edges) =>
        string.Join(", ", edges.Select(edge => $"'{edge.Label}' ({TypeShape.Name(edge.Type)})"));
}
