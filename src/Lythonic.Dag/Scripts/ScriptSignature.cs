using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>Reads a scriptblock's signature from its syntax tree.</summary>
internal static class ScriptSignature
{
    /// <summary>The signature, and the parameters that the module fills in.</summary>
    public static (NodeSignature Signature, IReadOnlyList<(string Name, Type Type)> Context) Read(ScriptBlockAst body)
    {
        var all = body.ParamBlock?.Parameters ?? (body.Parent as FunctionDefinitionAst)?.Parameters;
        var (parameters, context) = (new List<NodeParameter>(), new List<(string, Type)>());
        foreach (var parameter in all ?? Enumerable.Empty<ParameterAst>())
        {
            var (name, type) = (parameter.Name.VariablePath.UserPath, TypeOf(parameter));
            if (type is not null && typeof(DagContext).IsAssignableFrom(type))
                context.Add((name, type));
            else
                parameters.Add(
                    new(name, type == typeof(object) ? null : type, IsMandatory(parameter), parameter.DefaultValue is not null)
                    {
                        Aliases = AliasesOf(parameter),
                        HasOwnConversion = parameter.Attributes.OfType<AttributeAst>().Any(IsTransformation),
                    });
        }

        var description = $"{{ param({string.Join(", ", parameters.Select(parameter => $"${parameter.Name}"))}) }}";
        return (
            new(parameters, OutputType(body.ParamBlock), description) { TakesPipelineValue = parameters.Count == 0 && context.Count == 0 },
            context);
    }

    private static Type? TypeOf(ParameterAst parameter) =>
        parameter.Attributes.OfType<TypeConstraintAst>().LastOrDefault()?.TypeName.GetReflectionType();

    // A class of the script, which may be one, is not there yet.
    private static bool IsTransformation(AttributeAst attribute) =>
        attribute.TypeName.GetReflectionAttributeType() is not { } type || typeof(ArgumentTransformationAttribute).IsAssignableFrom(type);

    private static string[] AliasesOf(ParameterAst parameter) =>
    [
        .. parameter.Attributes.OfType<AttributeAst>()
            .Where(attribute => attribute.TypeName.GetReflectionAttributeType() == typeof(AliasAttribute))
            .SelectMany(attribute => attribute.PositionalArguments)
            .SelectMany(argument => argument.FindAll(ast => ast is StringConstantExpressionAst, searchNestedScriptBlocks: false))
            .Select(text => ((StringConstantExpressionAst)text).Value),
    ];

    private static bool IsMandatory(ParameterAst parameter) =>
        parameter.Attributes.OfType<AttributeAst>()
            .Where(attribute => attribute.TypeName.GetReflectionAttributeType() == typeof(ParameterAttribute) && !IsOfSet(attribute))
            .SelectMany(attribute => attribute.NamedArguments)
            .Any(argument => argument.ArgumentName.Equals("Mandatory", StringComparison.OrdinalIgnoreCase)
                && (argument.ExpressionOmitted || IsTrue(argument.Argument)));

    // A parameter that is mandatory in one parameter set may be absent from another. Which set applies is known only when parameters are
    // bound.
    private static bool IsOfSet(AttributeAst attribute) =>
        attribute.NamedArguments.Any(argument => argument.ArgumentName.Equals("ParameterSetName", StringComparison.OrdinalIgnoreCase));

    private static bool IsTrue(ExpressionAst argument) =>
        argument.Extent.Text.TrimStart('$').Equals("true", StringComparison.OrdinalIgnoreCase) || argument.Extent.Text == "1";

    // If several types are declared, the output may be any of them, so this is the same as none.
    private static Type? OutputType(ParamBlockAst? block)
    {
        var types = (block?.Attributes ?? Enumerable.Empty<AttributeAst>())
            .Where(attribute => attribute.TypeName.GetReflectionAttributeType() == typeof(OutputTypeAttribute))
            .SelectMany(attribute => attribute.PositionalArguments)
            .Select(Resolve)
            .ToList();
        return types is [{ } only] && only != typeof(object) ? only : null;
    }

    private static Type? Resolve(ExpressionAst argument) => argument switch
    {
        TypeExpressionAst type => type.TypeName.GetReflectionType(),
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Resolve(inner.Expression),
        StringConstantExpressionAst text => LanguagePrimitives.TryConvertTo<Type>(text.Value, out var type) ? type : null,
        _ => null,
    };
}
