using System.Collections.Specialized;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Reads the arguments of a node from the outputs of its upstreams, and gives their stored form.</summary>
internal sealed class InputReader(RunExecution run, CompiledNode node, ValueWarnings warnings)
{
    /// <summary>The name of the pipeline value among stored inputs.</summary>
    public const string PipelineName = "$_";

    private readonly RunSession _session = run.Session;
    private readonly List<NodeInput> _encoded = new(node.Inputs.Length);

    /// <summary>The arguments for the node's code, or for the override that runs instead.</summary>
    /// <exception cref="DagException">A stored value cannot be read back, or an element lacks a mandatory parameter.</exception>
    public NodeArguments Read()
    {
        var named = new List<KeyValuePair<string, object?>>(node.Inputs.Length + node.ElementParameters.Count);
        foreach (var binding in node.Inputs)
            named.Add(new(binding.Parameter.Name, Value(binding)));
        if (node.IsSource && run.Element is { } element)
        {
            ElementArguments.Add(named, node, element.Value, _session.Converter);
            RefuseTraces(named);
        }

        var arguments = new NodeArguments(named, PipelineValue());
        return node.IsOverridden ? OverrideArguments.For(node.Signature!, arguments) : arguments;
    }

    /// <summary>
    /// The whole input of the node, as the code of its <c>-If</c> and <c>-On</c> sees it: the output of its upstream, or the outputs of
    /// several upstreams as an array. For a source it is the source input: one value, or a dictionary of values by parameter.
    /// </summary>
    /// <exception cref="DagException">A stored value cannot be read back.</exception>
    public object? Whole()
    {
        if (node.PipelineInput is { } given)
            return given.Value;
        if (!node.IsSource)
            return UpstreamValue();
        if (run.Element is { } element)
            return element.Value;
        if (node.TakesPipelineValue)
            return null;
        if (node.Inputs.Length == 1)
            return node.Inputs[0].Value;
        var byParameter = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var binding in node.Inputs)
            byParameter.Add(binding.Parameter.Name, binding.Value);
        return byParameter;
    }

    /// <summary>The stored form of the element that a sub-run's source gets, or <see langword="null"/> if it has none.</summary>
    public IReadOnlyList<NodeInput>? TryEncodeElement()
    {
        if (!_session.Provenance.KeepsRuns)
            return null;
        try
        {
            return Encode(Read());
        }
        catch (Exception error) when (error is DagException or ValueNotStorableException)
        {
            return null;
        }
    }

    /// <summary>The stored form of the inputs. An upstream's whole output is stored once, with the upstream.</summary>
    /// <param name="arguments">The result of <see cref="Read"/>.</param>
    /// <exception cref="ValueNotStorableException">An input cannot be stored.</exception>
    public IReadOnlyList<NodeInput> Encode(NodeArguments arguments)
    {
        foreach (var binding in node.Inputs)
            Encode(binding);
        if (run.Element is { } element && node.IsSource)
            EncodeElement(element, arguments);
        else if (node.TakesPipelineValue)
            EncodePipelineValue();
        return _encoded;
    }

    private object? Value(InputBinding binding)
    {
        if (binding.Upstreams.Length == 0)
            return binding.Value;
        // A closing node gets null for the output of an upstream that has none.
        if (!binding.IsFanIn && !run.HasOutput(binding.Upstreams[0]))
            return null;
        if (!binding.IsFanIn)
            return Output(binding.Upstreams[0], binding.Parameter.Type);
        var element = TypeShape.ListElementType(binding.Parameter.Type) ?? typeof(object);
        var values = binding.Upstreams.Where(run.HasOutput).Select(upstream => Output(upstream, element, mayRefuse: false)).ToArray();
        return values.All(value => element.IsInstanceOfType(value)) ? Typed(values, element) : values;
    }

    private object? Output(int upstream, Type? wanted, bool mayRefuse = true)
    {
        var slot = run.Output(upstream);
        var value = StoredOutputErrors.Read(slot, run, upstream, node.Label, wanted);
        if (slot.LostSecret is { } secret)
            throw StoredOutputErrors.SecretLost(run, upstream, node.Label, secret);
        if (slot.HasCut)
            throw StoredOutputErrors.PartsLost(run, upstream, node.Label);
        return mayRefuse && slot.WasStored && wanted is not null && Refusal(value, wanted) is { } problem
            ? throw StoredOutputErrors.NotRestorable(run, upstream, node.Label, problem)
            : value;
    }

    // An element of a stored output may be only the trace of an object that is gone. Converting the trace would make some other object.
    private void RefuseTraces(List<KeyValuePair<string, object?>> arguments)
    {
        if (run.Parent is not { } composite || composite.Node.Upstreams is not [var upstream] || !composite.Run.HasOutput(upstream)
            || !composite.Run.Output(upstream).WasStored)
            return;
        foreach (var parameter in node.ElementParameters)
        {
            var value = arguments.Find(argument => argument.Key == parameter.Name).Value;
            if (parameter.Type is { } type && Refusal(value, type) is { } problem)
                throw StoredOutputErrors.NotRestorable(composite.Run, upstream, node.Label, problem);
        }
    }

    private string? Refusal(object? value, Type type) =>
        _session.Converter.IsTrace(value) && !_session.Converter.TryConvert(value, type, out _, out var problem) ? problem : null;

    private static Array Typed(object?[] values, Type element)
    {
        var typed = Array.CreateInstance(element, values.Length);
        for (var index = 0; index < values.Length; index++)
            typed.SetValue(values[index], index);
        return typed;
    }

    private object? PipelineValue()
    {
        if (!node.TakesPipelineValue)
            return null;
        if (node.IsSource)
            return run.Element is { } element ? element.Value : node.PipelineInput?.Value;
        if (node.PipelineInput is { } given)
            return given.Value;
        return UpstreamValue();
    }

    // An omitted upstream gave nothing. If there are several upstreams, it is left out.
    private object? UpstreamValue() => node.Upstreams.Length > 1
        ? node.Upstreams.Where(run.HasOutput).Select(upstream => Output(upstream, null)).ToArray()
        : run.HasOutput(node.Upstreams[0]) ? Output(node.Upstreams[0], null) : null;

    private void Encode(InputBinding binding)
    {
        if (binding.Upstreams.Length == 0)
            _encoded.Add(new(binding.Parameter.Name, Given(binding)));
        else
            EncodeOutputs(binding.Parameter.Name, binding.Upstreams, binding.IsFanIn);
    }

    // Upstreams without an output are left out.
    private void EncodeOutputs(string name, int[] upstreams, bool areSeveral)
    {
        var before = _encoded.Count;
        foreach (var upstream in upstreams)
        {
            if (run.HasOutput(upstream))
                _encoded.Add(new(name, InputForm(upstream), areSeveral));
        }

        if (_encoded.Count == before)
            _encoded.Add(new(name, _session.Codec.Encode(areSeveral ? Array.Empty<object>() : null)));
    }

    private EncodedValue InputForm(int upstream)
    {
        var taken = run.Output(upstream).RefreshForm(_session, out var change);
        if (change != ValueChange.None)
            warnings.OfChange($"The output of node '{run.Dag.Nodes[upstream].Label}'", node.Label, change);
        return taken;
    }

    // The same object goes to every attempt of the node and, in a sub-DAG, to those of every element.
    private EncodedValue Given(InputBinding binding)
    {
        var name = binding.Parameter.Name;
        if (binding.Form is not { } form)
        {
            // Report only values that are stored here for the first time: an upstream has reported what is not stored of its output.
            var encoded = _session.Codec.Encode(binding.Value);
            if (encoded.Facts.Cuts > 0)
                warnings.OfCuts($"the input '{name}' of node '{node.Label}'", encoded.Facts);
            binding.Form = RecordedForm.Create(encoded, _session.Converter.Unwrap(binding.Value), null, isShared: true);
            return encoded;
        }

        var taken = form.Refresh(binding.Value, _session.Codec, out var change);
        if (change != ValueChange.None)
            warnings.OfChange($"The value of '{name}'", node.Label, change);
        return taken;
    }

    private EncodedValue InputForm(MapElement element)
    {
        var taken = element.RefreshForm(_session, out var change);
        if (change != ValueChange.None)
            warnings.OfChange($"The element {run.Parent?.Node.Label}[{element.Key}]", node.Label, change);
        return taken;
    }

    private void EncodeElement(MapElement element, NodeArguments arguments)
    {
        if (node.TakesPipelineValue)
            _encoded.Add(new(PipelineName, InputForm(element)));
        else if (node.ElementParameters.Count == 1)
            _encoded.Add(new(node.ElementParameters[0].Name, InputForm(element)));
        else if (!node.IsOverridden)
            _encoded.AddRange(arguments.Named.Skip(node.Inputs.Length).Select(
                argument => new NodeInput(argument.Key, _session.Codec.Encode(argument.Value))));
    }

    private void EncodePipelineValue()
    {
        if (node.PipelineInput is { } given)
            _encoded.Add(new(PipelineName, Given(given)));
        else if (!node.IsSource)
            EncodeOutputs(PipelineName, node.Upstreams, areSeveral: node.Upstreams.Length > 1);
    }
}
