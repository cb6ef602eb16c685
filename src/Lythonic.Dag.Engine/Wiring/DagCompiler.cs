using System.Collections;
using Lythonic.Dag.Execution;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Wiring;

/// <summary>
/// Compiles a DAG for a run, or reports everything that is wrong with it. The cost grows linearly with the number of nodes and edges.
/// </summary>
internal sealed class DagCompiler
{
    private readonly IValueConverter _converter;
    private readonly List<DagProblem> _problems = [];
    private readonly Dictionary<(Dag Dag, Type? Element, bool IsStrict, ICodeScope? Scope), CompiledDag> _subDags = [];
    private readonly HashSet<Dag> _open = [];
    private readonly bool _lacksParts;

    private DagCompiler(IValueConverter converter, bool lacksParts = false) => (_converter, _lacksParts) = (converter, lacksParts);

    /// <summary>Finds every problem of a DAG, except those of the source input, which is not known yet.</summary>
    public static IReadOnlyList<DagProblem> Validate(Dag dag)
    {
        var (_, compiler) = Draw(dag);
        return compiler.Sorted(dag);
    }

    /// <summary>A DAG with the wiring that it would have in a run. A node with a problem has no signature.</summary>
    public static CompiledDag Sketch(Dag dag) => Draw(dag).Compiled;

    private static (CompiledDag Compiled, DagCompiler Compiler) Draw(Dag dag)
    {
        var compiler = new DagCompiler(new ClrValueConverter());
        return (compiler.CompileRoot(dag, null, new Dictionary<string, NodeCode>(0), ignoreMissingSources: true, []), compiler);
    }

    /// <summary>Compiles a DAG for a run.</summary>
    /// <param name="dag">The DAG.</param>
    /// <param name="input">The source input, or <see langword="null"/>.</param>
    /// <param name="overrides">The overrides by label.</param>
    /// <param name="converter">Converts the input to the parameters' types.</param>
    /// <param name="lacksParts">Whether the input comes from a store and lacks what was not stored: <see cref="StoredInput.RequireWhole"/>
    /// judges them.</param>
    /// <param name="targets">The labels of the targets; none for all nodes.</param>
    /// <exception cref="DagException">All the problems of the DAG and the input.</exception>
    public static CompiledDag Compile(
        Dag dag,
        IDictionary? input,
        IReadOnlyDictionary<string, NodeCode> overrides,
        IValueConverter converter,
        bool lacksParts = false,
        IReadOnlyList<string>? targets = null)
    {
        var compiler = new DagCompiler(converter, lacksParts);
        var compiled = compiler.CompileRoot(dag, input, overrides, ignoreMissingSources: false, targets ?? []);
        if (compiler._problems.Count > 0)
            throw new DagException(compiler.Sorted(dag));
        compiled.Seal();
        return compiled;
    }

    /// <summary>The nodes of a DAG with their edges, unchecked and not wired.</summary>
    public static CompiledDag Outline(Dag dag) => DagLinks.Link(dag, dag.Strict);

    // Nodes are wired upstreams first, but problems are listed in the order in which people wrote the nodes.
    private List<DagProblem> Sorted(Dag dag)
    {
        int Position(DagProblem problem)
        {
            var label = problem.Node.Split('/')[0];
            return dag.Contains(label) ? dag.IndexOf(label) : -1;
        }

        return [.. _problems.Where(problem => !_problems.Exists(problem.IsMisspelledIn)).OrderBy(Position)];
    }

    private CompiledDag CompileRoot(
        Dag dag,
        IDictionary? input,
        IReadOnlyDictionary<string, NodeCode> overrides,
        bool ignoreMissingSources,
        IReadOnlyList<string> targets)
    {
        var compiled = DagLinks.Link(dag, dag.Strict);
        Targets.Apply(compiled, targets);
        var order = TopologicalOrder(compiled, dag.Name);
        var given = SourceInputs.Assign(dag, index => compiled.Nodes[index].IsSource, input, _converter, _problems);
        _open.Add(dag);
        var edges = DagLinks.EdgesByTarget(compiled);
        foreach (var index in order)
        {
            var before = _problems.Count;
            CompileNode(compiled, compiled.Nodes[index], edges[index], given);
            if (compiled.Nodes[index].IsLeftOut)
                _problems.RemoveRange(before, _problems.Count - before);
            else if (ignoreMissingSources && compiled.Nodes[index].IsSource)
                ForgiveMissingInput(before);
        }

        foreach (var (label, code) in overrides)
            compiled.Nodes[dag.IndexOf(label)].ApplyOverride(code);
        return compiled;
    }

    // What fills the parameters of a source is known only together with the source input.
    private void ForgiveMissingInput(int from)
    {
        for (var index = _problems.Count - 1; index >= from; index--)
        {
            if (_problems[index].ErrorId is DagErrorId.DagInputMissing or DagErrorId.DagMethodAmbiguous)
                _problems.RemoveAt(index);
        }
    }

    // The nodes of a cycle count as done, so that problems of the nodes around it are reported too.
    private List<int> TopologicalOrder(CompiledDag dag, string path)
    {
        var waiting = dag.Nodes.Select(node => node.Upstreams.Length).ToArray();
        var order = new List<int>(dag.Nodes.Length);
        order.AddRange(dag.Nodes.Where(node => node.IsSource).Select(node => node.Index));
        for (var next = 0; ; next++)
        {
            if (next == order.Count)
            {
                if (order.Count == dag.Nodes.Length)
                    return order;
                order.AddRange(BreakCycle(dag, path, waiting));
            }

            foreach (var downstream in dag.Nodes[order[next]].Downstreams)
            {
                if (waiting[downstream] > 0 && --waiting[downstream] == 0)
                    order.Add(downstream);
            }
        }
    }

    private IReadOnlyList<int> BreakCycle(CompiledDag dag, string path, int[] waiting)
    {
        var cycle = CyclePath.Find(dag, waiting);
        var labels = cycle.Append(cycle[0]).Select(index => dag.Nodes[index].Label);
        _problems.Add(new(
            DagErrorId.DagCycle,
            dag.Nodes[cycle[0]].Label,
            $"The edges of the DAG '{path}' form a cycle: {string.Join(" → ", labels)}.",
            "Remove one of these edges."));
        foreach (var index in cycle)
        {
            waiting[index] = 0;
            var node = dag.Nodes[index];
            node.IsOnCycle = true;
            node.OutputType = node.Settings.OutputType ?? (node.Declaration.Code is { } code ? DeclaredByAll(code) : null);
        }

        return cycle;
    }

    private void CompileNode(CompiledDag dag, CompiledNode node, List<(int From, string? Parameter)> edges, SourceInputs given)
    {
        node.IsShared = node.Downstreams.Length > 1 || DagLinks.IsAnyShared(dag, node.Upstreams);
        if (node.IsOnCycle)
        {
            CheckOnCycle(dag, node, edges, given);
            return;
        }

        if (node.Declaration.IsComposite)
        {
            CompileComposite(dag, node);
            return;
        }

        var upstreams = DagLinks.Upstreams(dag, edges);
        node.Code = node.Declaration.Code;
        node.OutputType = node.Settings.OutputType ?? DeclaredByAll(node.Declaration.Code!);
        if (OverloadChoice.Pick(node.Declaration, upstreams, given.For(node.Index), _problems) is not { } wiring)
            return;
        node.Signature = wiring.Signature;
        node.TakesPipelineValue = wiring.Signature.TakesPipelineValue;
        node.OutputType = node.Settings.OutputType ?? wiring.Signature.OutputType;
        var inputs = wiring.Bindings();
        for (var position = 0; position < inputs.Length; position++)
            inputs[position] = Converted(node, inputs[position]);
        node.Inputs = inputs;
        if (given.TryGetPipelineValue(node.Index, out var value))
            node.PipelineInput = WithLoss(InputBinding.OfValue(new NodeParameter("$_", null, false), value));
    }

    // Which edge of a cycle goes is not known, so a problem counts that the node has with these edges and without them.
    private void CheckOnCycle(CompiledDag dag, CompiledNode node, List<(int From, string? Parameter)> edges, SourceInputs given)
    {
        if (node.Declaration.IsComposite)
        {
            CompileInside(dag, node, null);
            return;
        }

        var (whole, without) = (new List<DagProblem>(), new List<DagProblem>());
        _ = OverloadChoice.Pick(node.Declaration, DagLinks.Upstreams(dag, edges), given.For(node.Index), whole);
        var others = edges.FindAll(edge => !dag.Nodes[edge.From].IsOnCycle);
        _ = OverloadChoice.Pick(node.Declaration, DagLinks.Upstreams(dag, others), given.For(node.Index), without);
        _problems.AddRange(whole.Where(problem => without.Exists(
            other => other.ErrorId == problem.ErrorId && other.Remedy?.Parameter == problem.Remedy?.Parameter)));
    }

    private static Type? DeclaredByAll(NodeCode code)
    {
        if (code.Signatures is [var only])
            return only.OutputType;
        var types = code.Signatures.Select(signature => signature.OutputType).Distinct().ToList();
        return types.Count == 1 ? types[0] : null;
    }

    // Convert a value that is known beforehand now, so that a bad one is refused before anything runs.
    private InputBinding Converted(CompiledNode node, InputBinding binding)
    {
        binding = WithLoss(binding);
        if (binding.Upstreams.Length > 0 || binding.Lost is not null || binding.Parameter.Type is not { } type)
            return binding;
        if (_converter.TryConvert(binding.Value, type, out var converted, out var problem))
            return InputBinding.OfValue(binding.Parameter, converted);
        _problems.Add(new(
            DagErrorId.DagTypeMismatch,
            node.Label,
            $"The value for parameter '{binding.Parameter.Name}' of node '{node.Label}' cannot be converted to {type}: {problem}",
            "Give a value of that type."));
        return binding;
    }

    private InputBinding WithLoss(InputBinding binding)
    {
        if (!_lacksParts)
            return binding;
        var lost = _converter.FindSecret(binding.Value) is { } secret ? $"has a {secret.TypeName}, and a secret is never stored"
            : _converter.HasCut(binding.Value) ? "has objects on a cycle or too deep in others, which were not stored"
            : null;
        return lost is null ? binding : InputBinding.OfValue(binding.Parameter, binding.Value, lost);
    }

    private void CompileComposite(CompiledDag dag, CompiledNode node)
    {
        var upstream = node.Upstreams.Length == 1 ? dag.Nodes[node.Upstreams[0]] : null;
        if (upstream is null)
            _problems.Add(Problem(CompositeShape.UpstreamError(node.Label, node.Upstreams.Length)));
        var type = upstream?.OutputType;
        node.UpstreamIsUndeclared = type is null;
        node.TakesUnrolled = type is null && upstream is { HasElements: false };
        if (node.HasElements && type is not null && TypeShape.IsScalar(type))
        {
            _problems.Add(new(
                DagErrorId.DagTypeMismatch,
                node.Label,
                $"The map node '{node.Label}' needs a list or a dictionary, "
                    + $"and the output of '{upstream!.Label}' is {TypeShape.Name(type)}.")
            {
                Remedy = new(DagRemedyKind.DeclareList),
            });
        }

        if (!CompileInside(dag, node, node.Composite!.ElementType(type)))
            return;
        node.OutputType = node.Settings.OutputType ?? OutputOf(node);
        StoredTypeInference.Infer(node);
        if (node.Kind == NodeKind.Call && type is not null
            && node.SubDags?.Single?.Source is { ElementParameters: [{ Type: { } to, HasOwnConversion: false } only] }
            && TypeShape.ScalarCannotConvert(type, to))
            _problems.Add(InputProblems.Mismatch(node.Label, only.Name, to, upstream!.Label, type));
    }

    // What it runs, whatever its upstream is.
    private bool CompileInside(CompiledDag dag, CompiledNode node, Type? element)
    {
        if (CompositeShape.Problem(node.Declaration) is { } shape)
        {
            _problems.Add(new(DagErrorId.DagSubDagShape, node.Label, shape, "Give the sub-DAG one source and one sink."));
            return false;
        }

        if (NestedLocks.Problem(node.Declaration) is { } nested)
            _problems.Add(nested);
        foreach (var name in node.Settings.Constants.Keys)
            _problems.Add(InputProblems.ConstantOfComposite(node.Declaration, name));
        CompileSubDags(dag, node, element);
        return true;
    }

    private void CompileSubDags(CompiledDag dag, CompiledNode node, Type? element)
    {
        var compiled = new List<KeyValuePair<string, CompiledDag>>();
        foreach (var (branch, subDag) in node.Declaration.SubDags!.All())
        {
            var before = _problems.Count;
            var scope = subDag.Host is ICodeScope own ? own.Within(dag.Scope) : dag.Scope;
            if (CompileSubDag(subDag, element, dag.IsStrict || subDag.Strict, scope) is { } sub)
                compiled.Add(new(branch ?? "", sub));
            for (var index = before; index < _problems.Count; index++)
                _problems[index] = _problems[index] with { Node = $"{node.Label}/{_problems[index].Node}" };
        }

        var single = node.Declaration.SubDags.Single is not null;
        if (compiled.Count > 0)
            node.SubDags = new(single ? compiled[0].Value : null, single ? [] : compiled);
    }

    private static Type? OutputOf(CompiledNode node)
    {
        if (node.HasElements || node.SubDags is null)
            return null;
        var types = node.SubDags.All.Select(dag => dag.Sink.OutputType).Distinct().ToList();
        return types is [{ } type] && type != typeof(void) ? type : null;
    }

    private CompiledDag? CompileSubDag(Dag dag, Type? element, bool isStrict, ICodeScope? scope)
    {
        if (_subDags.TryGetValue((dag, element, isStrict, scope), out var known))
            return known;
        if (!_open.Add(dag))
        {
            _problems.Add(new(DagErrorId.DagCycle, dag.Name, $"The DAG '{dag.Name}' contains itself as a sub-DAG.", "Use another DAG."));
            return null;
        }

        var compiled = DagLinks.Link(dag, isStrict, scope);
        var edges = DagLinks.EdgesByTarget(compiled);
        foreach (var index in TopologicalOrder(compiled, dag.Name))
        {
            if (compiled.Nodes[index].IsSource)
                CompileElementSource(compiled.Nodes[index], element);
            else
                CompileNode(compiled, compiled.Nodes[index], edges[index], SourceInputs.None);
        }

        _open.Remove(dag);
        return _subDags[(dag, element, isStrict, scope)] = compiled;
    }

    private void CompileElementSource(CompiledNode node, Type? element)
    {
        node.Code = node.Declaration.Code!;
        if (OverloadChoice.ForElement(node.Declaration, element, _problems) is not { } signature)
            return;
        node.Signature = signature;
        node.TakesPipelineValue = signature.TakesPipelineValue;
        node.OutputType = node.Settings.OutputType ?? signature.OutputType;
        _problems.AddRange(SignatureWiring.ProblemsOfConstants(node.Declaration, signature));
        var open = OverloadChoice.Open(node.Declaration, signature);
        node.ElementParameters = node.Settings.TakesElementWhole ? [.. open.Take(1)] : open;
        node.Inputs = [.. signature.Parameters
            .Where(parameter => !open.Contains(parameter))
            .Select(parameter => InputBinding.OfValue(parameter, node.Settings.Constants.First(
                constant => parameter.GoesBy(constant.Key)).Value))
            .Select(binding => Converted(node, binding))];
    }

    private static DagProblem Problem(DagException error) =>
        new(error.Id, error.Target?.ToString() ?? "", error.Message, error.RecommendedAction) { Remedy = error.Remedy };
}
