using System.Reflection;

namespace Lythonic.Dag;

/// <summary>Code that calls a .NET method: one overload, or a group of overloads from which wiring picks one.</summary>
public sealed class MethodCode : NodeCode
{
    private readonly MethodInfo[] _methods;
    private readonly NodeSignature[] _signatures;

    private MethodCode(IEnumerable<MethodInfo> methods, object? target)
    {
        _methods = [.. methods];
        _signatures = [.. _methods.Select(SignatureOf)];
        Target = target;
    }

    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Method;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeSignature> Signatures => _signatures;

    /// <inheritdoc/>
    public override string Fingerprint => _signatures is [var only]
        ? only.Description
        : string.Join('\n', _signatures.Select(signature => signature.Description));

    /// <inheritdoc/>
    public override string Description =>
        _signatures.Length == 1 ? _signatures[0].Description : $"{_methods[0].DeclaringType}::{_methods[0].Name}";

    /// <summary>The object that the method is called on, or <see langword="null"/> for a static one.</summary>
    public object? Target { get; }

    /// <summary>Whether the object that the method is called on has fields, which the method may read.</summary>
    internal bool HasState
    {
        get
        {
            const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            for (var type = Target?.GetType(); type is not null; type = type.BaseType)
            {
                if (type.GetFields(Fields).Length > 0)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The version ids of the assemblies that have the methods: each build has another one.</summary>
    internal IEnumerable<Guid> ModuleVersions => _methods.Select(method => method.Module.ModuleVersionId).Distinct();

    /// <summary>Wraps a delegate.</summary>
    /// <param name="method">The delegate.</param>
    public static MethodCode From(Delegate method)
    {
        ArgumentNullException.ThrowIfNull(method);
        // The method of a delegate that was compiled at run time has a closure as its first parameter. The Invoke method of the delegate
        // has not.
        return method.GetInvocationList().Length == 1 && method.Method.DeclaringType is not null
            ? new([method.Method], method.Target)
            : new([method.GetType().GetMethod("Invoke")!], method);
    }

    /// <summary>Wraps a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The object that it is called on; <see langword="null"/> for a static one.</param>
    public static MethodCode From(MethodInfo method, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        return From([method], target);
    }

    /// <summary>Wraps the overloads of a method.</summary>
    /// <param name="methods">The overloads; one at least. Generic definitions are left out.</param>
    /// <param name="target">The object that they are called on; <see langword="null"/> for static ones.</param>
    /// <exception cref="DagException"><see cref="DagErrorId.DagMethodAmbiguous"/>: none of them can be called.</exception>
    public static MethodCode From(IEnumerable<MethodInfo> methods, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(methods);
        var all = methods.ToList();
        var callable = all.Where(method => CanCall(method, target)).ToList();
        if (callable.Count > 0)
            return new(callable, target);
        throw new DagException(
            DagErrorId.DagMethodAmbiguous,
            all.Count == 0
                ? "There is no such method."
                : $"'{all[0].DeclaringType}::{all[0].Name}' has no overload that a node can call: "
                + "static, or of the object that is given, not generic, with no parameter or result by reference, such as a span.",
            all.Count == 0 ? null : all[0].Name,
            "Name a public method as 'Namespace.Type::Method', or pass a delegate.");
    }

    /// <summary>The method behind a signature.</summary>
    /// <param name="signature">One of <see cref="Signatures"/>.</param>
    internal MethodInfo MethodOf(NodeSignature signature) => _methods[Array.IndexOf(_signatures, signature)];

    private static bool CanCall(MethodInfo method, object? target) =>
        !method.ContainsGenericParameters
        && (method.IsStatic || target is not null)
        && IsPassable(method.ReturnType)
        && method.GetParameters().All(parameter => IsPassable(parameter.ParameterType));

    // What lives on a stack, or points into memory, can be no value that nodes pass on.
    private static bool IsPassable(Type type) =>
        type is { IsByRef: false, IsPointer: false, IsFunctionPointer: false, IsByRefLike: false };

    private static NodeSignature SignatureOf(MethodInfo method)
    {
        var parameters = method.GetParameters()
            .Where(parameter => !IsInjected(parameter.ParameterType))
            .Select(parameter => new NodeParameter(
                parameter.Name ?? $"arg{parameter.Position}",
                Declared(parameter.ParameterType),
                !parameter.IsOptional && !parameter.IsDefined(typeof(ParamArrayAttribute)),
                parameter.IsOptional))
            .ToList();
        var types = string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.ToString()));
        return new(parameters, Declared(ReturnType.ResultOf(method.ReturnType)), $"{method.DeclaringType}::{method.Name}({types})")
        {
            InjectedCount = method.GetParameters().Length - parameters.Count,
        };
    }

    /// <summary>Whether the engine itself fills a parameter of that type.</summary>
    internal static bool IsInjected(Type type) => typeof(DagContext).IsAssignableFrom(type) || type == typeof(CancellationToken);

    private static Type? Declared(Type type) => type == typeof(object) ? null : type;
}
