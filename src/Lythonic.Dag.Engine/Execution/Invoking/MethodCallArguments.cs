using System.Reflection;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>The arguments that a method is called with.</summary>
internal static class MethodCallArguments
{
    /// <summary>Begins a call and lays its arguments out in the order of the method's parameters.</summary>
    /// <exception cref="DagException">
    /// <see cref="DagErrorId.DagTypeMismatch"/>: a value cannot be converted to the parameter's type.
    /// </exception>
    public static object?[] Bind(MethodInfo method, NodeCall call, IValueConverter converter)
    {
        var named = call.Begin().Named;
        var parameters = method.GetParameters();
        var arguments = new object?[parameters.Length];
        foreach (var parameter in parameters)
            arguments[parameter.Position] = ValueOf(parameter, named, call, converter);
        return arguments;
    }

    private static object? ValueOf(
        ParameterInfo parameter, IReadOnlyList<KeyValuePair<string, object?>> named, NodeCall call, IValueConverter converter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
            return call.CancellationToken;
        if (typeof(DagContext).IsAssignableFrom(type))
            return call.ContextOf(type);
        for (var index = 0; index < named.Count; index++)
        {
            if (named[index].Key.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))
                return Convert(parameter, named[index].Value, call, converter);
        }

        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;
        return parameter.IsDefined(typeof(ParamArrayAttribute)) ? Array.CreateInstance(type.GetElementType()!, 0) : null;
    }

    private static object? Convert(ParameterInfo parameter, object? value, NodeCall call, IValueConverter converter)
    {
        var type = parameter.ParameterType;
        if (type.IsInstanceOfType(value) || (value is null && !type.IsValueType))
            return value;
        return converter.TryConvert(value, type, out var converted, out var problem)
            ? converted
            : throw new DagException(
                DagErrorId.DagTypeMismatch,
                $"The value for parameter '{parameter.Name}' of node '{call.Context.NodeLabel}' cannot be converted to {type}: {problem}",
                call.Context.NodeLabel)
            {
                RefusedBy = parameter.Name,
            };
    }
}
