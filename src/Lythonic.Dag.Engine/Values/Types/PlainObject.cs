using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lythonic.Dag.Values;

/// <summary>The shape of a record or plain object: the parameters of its constructor, and the members that can be set afterwards.</summary>
internal sealed class PlainObject
{
    private static readonly ConditionalWeakTable<Type, object> Known = [];

    private readonly Type _type;
    private readonly ConstructorInfo? _constructor;
    private readonly ParameterInfo[] _parameters;

    private PlainObject(Type type, ConstructorInfo? constructor, IReadOnlyList<PlainMember> members)
    {
        _type = type;
        _constructor = constructor;
        _parameters = constructor?.GetParameters() ?? [];
        Members = members;
    }

    /// <summary>The members from which the object can be made again, in declaration order.</summary>
    public IReadOnlyList<PlainMember> Members { get; }

    /// <summary>The shape of a type, or <see langword="null"/> if it is no plain object.</summary>
    public static PlainObject? ForType(Type type)
    {
        if (Known.TryGetValue(type, out var known))
            return known as PlainObject;
        var shape = IsCandidate(type) ? Make(type) : null;
        Known.AddOrUpdate(type, shape ?? (object)DBNull.Value);
        return shape;
    }

    /// <summary>Finds a member by name; without case if no name matches exactly.</summary>
    public PlainMember? Find(string name) =>
        Members.FirstOrDefault(member => member.Name == name)
        ?? Members.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes an object. Parameters without a value take their default.</summary>
    /// <param name="values">Values by member name, converted to the members' types; compares without case.</param>
    /// <param name="problem">If the result is <see langword="null"/>, what the type lacks, as the rest of a sentence.</param>
    public object? Create(IReadOnlyDictionary<string, object?> values, out string? problem)
    {
        problem = null;
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = _parameters[i];
            if (values.TryGetValue(parameter.Name!, out var value))
            {
                arguments[i] = value;
            }
            else if (parameter.HasDefaultValue)
            {
                arguments[i] = parameter.DefaultValue;
            }
            else
            {
                problem = $"needs a value for '{parameter.Name}'";
                return null;
            }
        }

        var made = Construct(arguments, Members.All(member => values.ContainsKey(member.Name)));
        foreach (var member in Members)
        {
            if (IsParameter(member.Name) || !values.TryGetValue(member.Name, out var value))
                continue;
            member.Set?.Invoke(made, value);
            if (!member.IsFilled || CollectionFill.TryFill(member.Read(made), value))
                continue;
            problem = $"has a collection '{member.Name}' that cannot be filled";
            return null;
        }

        return made;
    }

    private static bool IsCandidate(Type type) =>
        (type.IsClass || type.IsValueType) && !type.IsAbstract && !type.IsPrimitive && !type.IsEnum && !type.IsArray
        && !type.ContainsGenericParameters && !type.IsByRefLike && !IsPlatform(type)
        && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
        && !typeof(MarshalByRefObject).IsAssignableFrom(type) && !typeof(IDisposable).IsAssignableFrom(type)
        && !typeof(IAsyncDisposable).IsAssignableFrom(type) && !typeof(IEnumerable).IsAssignableFrom(type)
        && type != typeof(ValueSnapshot) && type != typeof(SecretPlaceholder);

    /// <summary>Whether the platform defines a type: its objects are on the fixed list, or live ones.</summary>
    public static bool IsPlatform(Type type) =>
        type.Assembly.GetName().Name is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.PowerShell", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Management", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Win32", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.WSMan", StringComparison.Ordinal) || name is "System" or "mscorlib" or "netstandard");

    private static PlainObject? Make(Type type)
    {
        var members = MembersOf(type);
        foreach (var constructor in type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length))
        {
            var parameters = constructor.GetParameters();
            if (!Array.TrueForAll(parameters, parameter => members.Exists(member => Matches(member, parameter))))
                continue;
            var covered = members
                .Where(member => member.Set is not null || Array.Exists(parameters, parameter => Matches(member, parameter)))
                .ToList();
            // A record's computed properties follow from the rest; a getter that only another constructor fills does not.
            if (covered.Count == members.Count || constructor == Widest(type, members))
                return new PlainObject(type, constructor, [.. members.Where(member => covered.Contains(member) || member.IsFilled)]);
        }

        return type.IsValueType && members.TrueForAll(member => member.Set is not null) ? new PlainObject(type, null, members) : null;
    }

    private static ConstructorInfo? Widest(Type type, List<PlainMember> members) =>
        type.GetConstructors()
            .Where(constructor => Array.TrueForAll(
                constructor.GetParameters(),
                parameter => members.Exists(member => Matches(member, parameter))))
            .MaxBy(constructor => constructor.GetParameters().Length);

    private static bool Matches(PlainMember member, ParameterInfo parameter) =>
        member.Type == parameter.ParameterType && string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase);

    private static List<PlainMember> MembersOf(Type type)
    {
        var members = new List<PlainMember>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0)
                continue;
            Action<object, object?>? set = property.SetMethod is { IsPublic: true } ? property.SetValue : null;
            var member = new PlainMember(property.Name, property.PropertyType, property.GetValue, set);
            members.Add(member.IsFilled ? member with { Read = target => ReadOrNull(property, target) } : member);
        }

        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
            members.Add(new PlainMember(field.Name, field.FieldType, field.GetValue, field.IsInitOnly ? null : field.SetValue));
        return members;
    }

    // A computed property may fail because it has nothing to compute from. The rest must be stored all the same.
    private static object? ReadOrNull(PropertyInfo property, object target)
    {
        try
        {
            return property.GetValue(target);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private object Construct(object?[] arguments, bool isWhole)
    {
        if (_constructor is null)
            return RuntimeHelpers.GetUninitializedObject(_type);
        try
        {
            return _constructor.Invoke(arguments);
        }
        catch (TargetInvocationException) when (isWhole && _type.Assembly.IsDynamic && arguments.Length == 0)
        {
            // The constructor of a script's class needs a session, which this thread may not have; its members are all set below.
            return RuntimeHelpers.GetUninitializedObject(_type);
        }
    }

    private bool IsParameter(string name) =>
        Array.Exists(_parameters, parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));
}
