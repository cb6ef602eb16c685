using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The command and named parameters of a node whose code is nothing else. A constrained endpoint, which runs no scripts, takes only these.
/// </summary>
/// <param name="Name">The command.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record RemoteCommand(string Name, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>Reads the command of a node.</summary>
    /// <param name="code">The code.</param>
    /// <param name="arguments">The arguments of the node.</param>
    /// <returns>The command; <see langword="null"/> if the code is anything else.</returns>
    public static RemoteCommand? Read(ScriptBlockCode code, NodeArguments arguments)
    {
        if (code.Body is not
            {
                BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null,
                EndBlock.Statements: [PipelineAst { PipelineElements: [CommandAst { Redirections.Count: 0 } command] }],
            }
            || command.InvocationOperator != TokenKind.Unknown
            || command.GetCommandName() is not { } name)
            return null;
        var parameters = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var elements = command.CommandElements;
        for (var index = 1; index < elements.Count; index++)
        {
            if (elements[index] is not CommandParameterAst parameter)
                return null;
            var given = parameter.Argument
                ?? (elements.ElementAtOrDefault(index + 1) is ExpressionAst next && index++ >= 0 ? next : null);
            object? value = true;
            if (given is not null && !TryRead(given, code, arguments, out value))
                return null;
            parameters[parameter.ParameterName] = value;
        }

        return new RemoteCommand(name, parameters);
    }

    private static bool TryRead(ExpressionAst expression, ScriptBlockCode code, NodeArguments arguments, out object? value)
    {
        switch (expression)
        {
            case ConstantExpressionAst constant:
                value = constant.Value;
                return true;
            case UsingExpressionAst taken:
                value = code.Using?[UsingValues.Key(taken)];
                return true;
            case VariableExpressionAst { Splatted: false } variable:
                return TryRead(variable.VariablePath.UserPath, code, arguments, out value);
            case ArrayLiteralAst list:
                var items = new object?[list.Elements.Count];
                value = items;
                for (var index = 0; index < items.Length; index++)
                {
                    if (!TryRead(list.Elements[index], code, arguments, out items[index]))
                        return false;
                }

                return true;
            default:
                value = null;
                return false;
        }
    }

    private static bool TryRead(string name, ScriptBlockCode code, NodeArguments arguments, out object? value)
    {
        (value, var isKnown) = name.ToLowerInvariant() switch
        {
            "true" => (true, true),
            "false" => (false, true),
            "null" => ((object?)null, true),
            "_" or "psitem" => (arguments.PipelineValue, true),
            _ => (null, false),
        };
        foreach (var (parameter, given) in arguments.Named)
        {
            if (parameter.Equals(name, StringComparison.OrdinalIgnoreCase))
                (value, isKnown) = (given, true);
        }

        // A parameter that nothing fills is empty.
        return isKnown || code.Signatures[0].Parameters.Any(parameter => parameter.GoesBy(name) && !parameter.HasDefault);
    }
}
