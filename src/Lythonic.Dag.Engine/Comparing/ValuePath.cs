using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// The place inside two values that is being compared. Its text is made only where they differ: values may lie thousands of levels deep.
/// </summary>
internal sealed class ValuePath
{
    private readonly List<Step> _steps = [];

    /// <summary>Goes into an element of a list, until <see cref="Leave"/>.</summary>
    public void Enter(int index) => _steps.Add(new(null, null, index));

    /// <summary>Goes into a member, until <see cref="Leave"/>.</summary>
    /// <param name="form">How the members are written.</param>
    /// <param name="name">The member's name, or the text of its key.</param>
    public void Enter(MemberForm form, string name) => _steps.Add(new(form, name, 0));

    /// <summary>Goes into a part that the path names as it is, until <see cref="Leave"/>.</summary>
    public void Enter(string text) => _steps.Add(new(null, text, 0));

    /// <summary>Goes back to where the last step began.</summary>
    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The path from <c>$</c>, such as <c>$.rows[3].price</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("$");
        foreach (var (form, name, index) in _steps)
        {
            if (name is null)
                text.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            else
                text.Append(form is null ? name : form.Step(name));
        }

        return text.ToString();
    }

    private readonly record struct Step(MemberForm? Form, string? Name, int Index);
}
