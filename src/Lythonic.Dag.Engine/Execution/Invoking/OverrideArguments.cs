namespace Lythonic.Dag.Execution;

/// <summary>Passes to an override the arguments that the wiring makes for the node's own code: by name, and the rest in order.</summary>
internal static class OverrideArguments
{
    /// <summary>The arguments for an override.</summary>
    /// <param name="signature">The override's signature.</param>
    /// <param name="arguments">The arguments of the node's own code.</param>
    public static NodeArguments For(NodeSignature signature, NodeArguments arguments)
    {
        if (signature.TakesPipelineValue)
            return new([], arguments.Named.Count == 0 ? arguments.PipelineValue : Whole(arguments.Named));
        var left = arguments.Named
            .Where(argument => !signature.Parameters.Any(parameter => Same(parameter.Name, argument.Key)))
            .Select(argument => argument.Value)
            .ToList();
        if (arguments.Named.Count == 0 && arguments.PipelineValue is not null)
            left.Add(arguments.PipelineValue);
        var open = new Queue<object?>(left);
        var named = new List<KeyValuePair<string, object?>>();
        foreach (var parameter in signature.Parameters)
        {
            var match = arguments.Named.Where(argument => Same(parameter.Name, argument.Key)).ToList();
            if (match.Count > 0)
                named.Add(new(parameter.Name, match[0].Value));
            else if (open.TryDequeue(out var value))
                named.Add(new(parameter.Name, value));
        }

        return new(named, null);
    }

    private static object? Whole(IReadOnlyList<KeyValuePair<string, object?>> named) =>
        named.Count == 1 ? named[0].Value : named.Select(argument => argument.Value).ToArray();

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
