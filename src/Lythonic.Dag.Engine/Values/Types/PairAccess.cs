namespace Lythonic.Dag.Values;

/// <summary>Reads a key/value pair whose types are known only at run time.</summary>
internal static class PairAccess
{
    public static object?[] Items(object pair)
    {
        var type = pair.GetType();
        return [type.GetProperty("Key")!.GetValue(pair), type.GetProperty("Value")!.GetValue(pair)];
    }
}
