namespace Lythonic.Dag.Values;

/// <summary>A property or field of live objects.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsPlain">Whether it is a plain value, such as a text, a number or a time.</param>
/// <param name="Get">Reads it; may throw.</param>
internal sealed record LiveMember(string Name, Type Type, bool IsPlain, Func<object, object?> Get)
{
    /// <summary>Tries to read it.</summary>
    public bool TryRead(object target, out object? value)
    {
        try
        {
            value = Get(target);
            return true;
        }
#pragma warning disable CA1031 // A getter of a foreign object may fail in any way; the contract leaves it out.
        catch (Exception)
#pragma warning restore CA1031
        {
            value = null;
            return false;
        }
    }
}
