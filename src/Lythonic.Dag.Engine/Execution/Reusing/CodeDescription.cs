using System.Globalization;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Execution;

/// <summary>Describes the code of a node as far as its output depends on it: a scriptblock with what it takes along, or sub-DAGs.</summary>
/// <param name="session">Knows what code takes along, and encodes values.</param>
internal sealed class CodeDescription(RunSession session)
{
    private const string ItsCode = "its code";

    /// <summary>Describes a node that runs code, or a composite node that is reused whole.</summary>
    public ReuseParts Describe(CompiledDag dag, CompiledNode node)
    {
        var parts = new ReuseParts();
        AddSettings(parts, dag, node);
        if (node.SubDags is null)
            AddCode(parts, node.Code!, ItsCode, null);
        else
            AddSubDags(parts, node, null);
        return parts;
    }

    /// <summary>Describes the code that a map runs for an element.</summary>
    public ReuseParts DescribeElement(CompiledDag dag, CompiledNode node)
    {
        var parts = new ReuseParts();
        Refuse(parts, node, null, isInside: false);
        AddCulture(parts);
        parts.AddText("its strictness", dag.IsStrict ? "strict" : null);
        AddSubDags(parts, node, null);
        return parts;
    }

    private void AddSettings(ReuseParts parts, CompiledDag dag, CompiledNode node)
    {
        Refuse(parts, node, null, isInside: false);
        AddCulture(parts);
        parts.AddText("its strictness", dag.IsStrict ? "strict" : null);
        parts.AddText("its kind", node.Kind.ToString());
        parts.AddText("its output type", NameOf(node.OutputType));
    }

    private void AddCulture(ReuseParts parts)
    {
        var culture = session.Culture;
        var (numbers, dates) = (culture.NumberFormat, culture.DateTimeFormat);
        // A culture may have other formats than those that belong to its name.
        parts.AddText("the culture", string.Join('\n',
            culture.Name, session.UICulture.Name,
            numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.CurrencySymbol, numbers.NegativeSign,
            dates.ShortDatePattern, dates.LongDatePattern, dates.ShortTimePattern, dates.LongTimePattern));
    }

    private static string? NameOf(Type? type) => type is null ? null
        : type.Assembly == typeof(object).Assembly ? type.ToString() : $"{type}, {type.Module.ModuleVersionId}";

    private void AddCode(ReuseParts parts, NodeCode code, string name, string? label)
    {
        if (code is MethodCode method)
        {
            AddMethod(parts, method, name);
            return;
        }

        if (session.Options.CodeParts is not { } host)
        {
            parts.AddText(name, code.Fingerprint, label);
            return;
        }

        foreach (var part in host.Describe(code))
        {
            if (part.Obstacle is { } obstacle)
                parts.Refuse(obstacle);
            else
                parts.AddValue(part.Name == ItsCode ? name : part.Name, part.Value, session.Codec, label);
        }
    }

    private static void AddMethod(ReuseParts parts, MethodCode code, string name)
    {
        if (code.Target?.GetType() is { } type && code.HasState)
            parts.Refuse($"calls a method of an object ({type})");
        parts.AddText(name, $"{code.Fingerprint}\n{string.Join('\n', code.ModuleVersions.Select(id => id.ToString("N")))}");
    }

    private void AddSubDags(ReuseParts parts, CompiledNode node, string? path)
    {
        if (node.Declaration.SubDags!.By is { } by)
            AddCode(parts, by.Code, Named("what chooses its branch", path), path);
        var branches = node.Declaration.SubDags.All().Zip(node.SubDags!.All, (given, sub) => (given.Branch, Dag: sub));
        foreach (var (branch, dag) in branches)
        {
            var inside = branch is null ? path : path is null ? branch : $"{path}/{branch}";
            AddDag(parts, dag, inside);
        }
    }

    private void AddDag(ReuseParts parts, CompiledDag dag, string? path)
    {
        // The label of a node does not change what it does: a sub-DAG of one node counts as its scriptblock.
        if (dag.Nodes is [var only])
        {
            AddNode(parts, dag, only, path);
            return;
        }

        foreach (var node in dag.Nodes)
            AddNode(parts, dag, node, path is null ? node.Label : $"{path}/{node.Label}");
    }

    private void AddNode(ReuseParts parts, CompiledDag dag, CompiledNode node, string? path)
    {
        Refuse(parts, node, path, isInside: true);
        parts.AddText(Named("its wiring", path), Wiring(node, dag), path);
        foreach (var binding in node.Inputs.Where(binding => binding.Upstreams.Length == 0))
            parts.AddValue(Named($"the parameter '{binding.Parameter.Name}'", path), binding.Value, session.Codec, path);
        if (node.Settings.If is { } condition)
            AddCode(parts, condition.Code, Named("the condition", path), path);
        if (node.Settings.Hosts is { Fixed: [{ IsElsewhere: true } host] })
            parts.AddText(Named("the host", path), host.Name, path);
        if (node.SubDags is null)
            AddCode(parts, node.Code!, path is null ? ItsCode : $"the code of '{path}'", path);
        else
            AddSubDags(parts, node, path);
    }

    private static string Named(string what, string? path) => path is null ? what : $"{what} of '{path}'";

    private static string Wiring(CompiledNode node, CompiledDag dag)
    {
        var inputs = node.Inputs.Select(
            binding => $"{binding.Parameter.Name}<{string.Join(',', binding.Upstreams)}{(binding.IsFanIn ? "*" : "")}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            {node.Kind} {NameOf(node.OutputType)} {dag.IsStrict} {node.Settings.Flatten} {node.Settings.AllowedFailure}
            {string.Join(',', node.Upstreams)} {node.TakesPipelineValue} {string.Join(';', inputs)}
            {string.Join(',', node.ElementParameters.Select(parameter => parameter.Name))}
            """);
    }

    private void Refuse(ReuseParts parts, CompiledNode node, string? path, bool isInside)
    {
        var what = path is null ? "" : $"has a node '{path}' that ";
        if (node.IsOverridden)
            parts.Refuse($"{what}runs other code than its own");
        if (session.Options.Inline || node.Settings.Inline)
            parts.Refuse($"{what}runs inline");
        if (node.Settings.IsClosing)
            parts.Refuse($"{what}is a closing node");
        // The hosts of the node itself are chosen by then; those of a map are chosen for each element.
        if (node.Settings.Hosts?.Chooser is not null && (isInside || node.Kind.RunsOneSubRun()))
            parts.Refuse($"{what}has its host chosen by a scriptblock");
    }
}
