using System.Management.Automation;
using System.Reflection;

namespace Lythonic.Dag.Values;

/// <summary>
/// The members that <c>Add-Member</c> and others added to one object. PowerShell keeps them beside the object, and has no public way to
/// ask for them alone: all properties of a wrapper are listed by reflection, which costs more than storing most values.
/// </summary>
internal static class AttachedMembers
{
    private delegate bool Finder<TMembers>(object value, out TMembers? members);

    private static readonly Source Members = Find() ?? new Source();

    /// <summary>The members of an object or of its wrapper; empty for most.</summary>
    /// <param name="value">The object or its wrapper.</param>
    public static IEnumerable<PSMemberInfo> Of(object value) => Members.Of(value);

    private static Source? Find()
    {
        var method = typeof(PSObject).GetMethod("HasInstanceMembers", BindingFlags.Static | BindingFlags.NonPublic);
        if (method?.GetParameters() is not [{ ParameterType: var owner }, { ParameterType: { IsByRef: true } found }]
            || owner != typeof(object)
            || found.GetElementType() is not { IsValueType: false } members
            || !typeof(IEnumerable<PSMemberInfo>).IsAssignableFrom(members))
            return null;
        return (Source)Activator.CreateInstance(typeof(Found<>).MakeGenericType(members), method)!;
    }

    // What every PowerShell has, if it no longer has the other.
    private class Source
    {
        public virtual IEnumerable<PSMemberInfo> Of(object value) =>
            PSObject.AsPSObject(value).Properties.Where(property => property.IsInstance);
    }

    private sealed class Found<TMembers>(MethodInfo method) : Source
        where TMembers : class, IEnumerable<PSMemberInfo>
    {
        private readonly Finder<TMembers> _find = method.CreateDelegate<Finder<TMembers>>();

        public override IEnumerable<PSMemberInfo> Of(object value) => _find(value, out var members) ? members! : [];
    }
}
