using System.Collections;
using System.Reflection;

namespace Lythonic.Dag.Values;

/// <summary>Reads members of dictionaries and objects by name, without case. An exact match takes precedence.</summary>
internal static class MemberAccess
{
    public static bool TryGet(object target, string name, out object? value)
    {
        if (target is IDictionary dictionary)
            return TryGetEntry(dictionary, name, out value);
        if (target is ValueSnapshot snapshot)
            return TryGetPair(snapshot.Properties, name, out value);
        if (target is IEnumerable<KeyValuePair<string, object?>> pairs)
            return TryGetPair(pairs, name, out value);
        return TryGetProperty(target, name, out value);
    }

    private static bool TryGetEntry(IDictionary dictionary, string name, out object? value)
    {
        value = null;
        var found = false;
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext())
        {
            if (entries.Key is not string key || !string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!found || key == name)
                value = entries.Value;
            found = true;
        }

        return found;
    }

    private static bool TryGetPair(IEnumerable<KeyValuePair<string, object?>> pairs, string name, out object? value)
    {
        value = null;
        var found = false;
        foreach (var pair in pairs)
        {
            if (!string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!found || pair.Key == name)
                value = pair.Value;
            found = true;
        }

        return found;
    }

    private static bool TryGetProperty(object target, string name, out object? value)
    {
        value = null;
        var type = target.GetType();
        var named = type.GetMembers(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(member => member.Name == name);
        foreach (var member in named)
        {
            switch (member)
            {
                case PropertyInfo { GetMethod.IsPublic: true } property when property.GetIndexParameters().Length == 0:
                    value = property.GetValue(target);
                    return true;
                case FieldInfo field:
                    value = field.GetValue(target);
                    return true;
            }
        }

        return false;
    }
}
