using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// Decides which scriptblocks can be called as plain functions: by position, without a command around them. That costs a fifth of
/// <c>&amp;</c>, which makes a command, binds by name and writes logs.
/// </summary>
internal static class PlainCall
{
    // Variables that exist only inside a command.
    private static readonly HashSet<string> CommandVariables = new(
        ["MyInvocation", "PSBoundParameters", "PSCmdlet", "args", "input"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The parameters by position, and whether each may be omitted; <see langword="null"/> if the script must be called as a command.
    /// </summary>
    /// <param name="script">The script, as it was given.</param>
    public static (string Name, bool MayBeOpen)[]? ParametersOf(ScriptBlock script)
    {
        if (script.Ast is not ScriptBlockAst { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null } body
            || body.EndBlock is not { Unnamed: true }
            || body.ParamBlock?.Attributes.Any(IsOfCommand) == true)
            return null;
        var parameters = body.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>();
        if (parameters.Any(parameter => parameter.Attributes.Any(IsOfCommand))
            || body.Find(ast => IsCommandVariable(ast) || IsStray(ast), searchNestedScriptBlocks: true) is not null)
            return null;
        return [.. parameters.Select(parameter => (parameter.Name.VariablePath.UserPath, parameter.Attributes.All(IsEmptyAlike)))];
    }

    /// <summary>The arguments by position; <see langword="null"/> if one is left out before another.</summary>
    public static object?[]? Arguments(
        (string Name, bool MayBeOpen)[] parameters, IReadOnlyList<KeyValuePair<string, object?>> named)
    {
        var arguments = named.Count == 0 ? [] : new object?[named.Count];
        for (var index = 0; index < arguments.Length; index++)
        {
            if (index >= parameters.Length || IndexOf(named, parameters[index].Name) is not (>= 0 and var found))
                return null;
            arguments[index] = named[found].Value;
        }

        for (var index = arguments.Length; index < parameters.Length; index++)
        {
            if (!parameters[index].MayBeOpen)
                return null;
        }

        return arguments;
    }

    private static int IndexOf(IReadOnlyList<KeyValuePair<string, object?>> named, string name)
    {
        for (var index = 0; index < named.Count; index++)
        {
            if (named[index].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return index;
        }

        return -1;
    }

    // If a parameter gets no argument, a command leaves it empty, but a function converts $null to the parameter's type, which fails for
    // most value types. Both are the same only for types that are known to convert. A type that is not loaded yet could be any type.
    private static bool IsEmptyAlike(AttributeBaseAst attribute) => attribute is not TypeConstraintAst constraint
        || (constraint.TypeName.GetReflectionType() is { } type
            && (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null || type == typeof(SwitchParameter)
                || (!type.IsEnum && Type.GetTypeCode(type) is TypeCode.Boolean or (>= TypeCode.SByte and <= TypeCode.Decimal))));

    /// <summary>Whether the arguments become what the parameters declare.</summary>
    public static bool Converts(ScriptBlockAst body, object?[] arguments) => arguments
        .Zip(body.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
        .All(pair => pair.Second.StaticType is not { } type
            || type == typeof(object)
            || LanguagePrimitives.TryConvertTo(pair.First, type, CultureInfo.InvariantCulture, out _));

    // A break or continue outside a loop leaves the scriptblock, and what it emitted until then counts. A call without a pipeline would
    // lose that output.
    private static bool IsStray(Ast ast)
    {
        if (ast is not (BreakStatementAst or ContinueStatementAst))
            return false;
        var at = ast.Parent;
        while (at is not (LoopStatementAst or SwitchStatementAst or ScriptBlockAst or null))
            at = at.Parent;
        return at is not (LoopStatementAst or SwitchStatementAst);
    }

    // [OutputType()] does not affect the call. Every other attribute needs a command, or validates the argument.
    private static bool IsOfCommand(AttributeBaseAst attribute) =>
        attribute is AttributeAst { TypeName: var name } && name.GetReflectionAttributeType() != typeof(OutputTypeAttribute);

    private static bool IsCommandVariable(Ast ast) =>
        ast is VariableExpressionAst { VariablePath: var path } && CommandVariables.Contains(path.UserPath);
}
