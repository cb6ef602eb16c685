using System.Buffers;
using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>Writes inputs as one JSON object. Several values in a row under one name are an array.</summary>
internal static class InputText
{
    /// <summary>Writes inputs.</summary>
    /// <param name="inputs">The inputs, in their order.</param>
    /// <param name="to">The target.</param>
    /// <param name="write">Writes the text of a value to the target.</param>
    public static void Write(IReadOnlyList<NodeInput> inputs, IBufferWriter<byte> to, Action<EncodedValue> write)
    {
        if (inputs.Count == 0)
            to.Write("{}"u8);
        for (var index = 0; index < inputs.Count; index++)
        {
            Encoding.UTF8.GetBytes(Before(inputs, index), to);
            write(inputs[index].Value);
            Encoding.UTF8.GetBytes(After(inputs, index), to);
        }
    }

    /// <summary>The text before the value of an input.</summary>
    public static string Before(IReadOnlyList<NodeInput> inputs, int index)
    {
        var (name, _, isElement) = inputs[index];
        var separator = index == 0 ? "{" : ",";
        var begins = !isElement || index == 0 || inputs[index - 1].Name != name;
        return begins ? $"{separator}{StringJson.Name(name)}:{(isElement ? "[" : "")}" : separator;
    }

    /// <summary>The text after the value of an input.</summary>
    public static string After(IReadOnlyList<NodeInput> inputs, int index)
    {
        var isLast = index == inputs.Count - 1;
        var ends = inputs[index].IsElement && (isLast || inputs[index + 1].Name != inputs[index].Name);
        return (ends ? "]" : "") + (isLast ? "}" : "");
    }

    /// <summary>The greatest length of the text without its values.</summary>
    public static int Overhead(IReadOnlyList<NodeInput> inputs) => 2 + inputs.Sum(input => (6 * input.Name.Length) + 8);
}
