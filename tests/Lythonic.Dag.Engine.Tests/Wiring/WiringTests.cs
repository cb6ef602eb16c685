using Lythonic.Dag.Values;
using Lythonic.Dag.Wiring;

namespace Lythonic.Dag.Engine.Tests.Wiring;

public sealed class WiringTests
{
    [Fact]
    public void A_node_is_found_by_its_label_without_case_and_by_its_position()
    {
        var dag = new Dag("d").Add("first", () => 1).Add("second", (int first) => first, "first");

        Assert.Equal(("second", "second", null), (dag.Nodes["SECOND"]?.Label, dag.Nodes[1].Label, dag.Nodes["third"]));
    }

    [Fact]
    public void A_declared_type_that_is_the_parameters_wins_over_one_that_is_assignable() =>
        Assert.Equal("value=text", Wire(One<object, string>(), Parameter<string>("value")));

    [Fact]
    public void An_assignable_type_fills_where_none_is_the_same() =>
        Assert.Equal("value=text", Wire(One<int, string>(), Parameter<IComparable<string>>("value")));

    [Fact]
    public void A_direct_match_of_the_whole_list_wins_over_fan_in() =>
        Assert.Equal("values=list", Wire([("list", typeof(int[])), ("single", typeof(int))], Parameter<int[]>("values")));

    [Theory]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(List<int>))]
    [InlineData(typeof(IReadOnlyList<int>))]
    [InlineData(typeof(IEnumerable<int>))]
    public void A_list_parameter_collects_every_upstream_of_its_element_type(Type type) =>
        Assert.Equal("values=[b,a]",
            Wire([("b", typeof(int)), ("x", typeof(string)), ("a", typeof(int))], new NodeParameter("values", type, true)));

    [Fact]
    public void One_upstream_of_the_element_type_becomes_a_list_of_one() =>
        Assert.Equal("values=[a]", Wire([("a", typeof(int))], Parameter<int[]>("values")));

    [Fact]
    public void An_undeclared_parameter_takes_the_upstream_of_its_name_without_case() =>
        Assert.Equal("B=b, first=a", Wire([("a", null), ("b", null)], Parameter("B"), Parameter("first")));

    [Fact]
    public void Undeclared_outputs_and_unfilled_parameters_pair_in_edge_order() =>
        Assert.Equal("x=b, y=a", Wire([("b", null), ("a", null)], Parameter("x"), Parameter<int>("y")));

    [Fact]
    public void One_left_on_each_side_always_pairs() =>
        Assert.Equal("text=number", Wire([("number", typeof(int))], Parameter<string>("text")));

    [Fact]
    public void A_parameter_with_a_default_does_not_keep_one_left_on_each_side_from_pairing() => Assert.Equal(
        "x=number, what=text",
        Wire(
            [("number", typeof(int)), ("text", typeof(string))],
            Parameter<int>("x"), Parameter("what"), Parameter<int>("most") with { HasDefault = true, IsMandatory = false }));

    [Fact]
    public void The_last_list_parameter_collects_all_undeclared_outputs() =>
        Assert.Equal("parts=[a,b,c]", Wire([("a", null), ("b", null), ("c", null)], Parameter<object[]>("parts")));

    [Fact]
    public void An_edge_from_a_node_without_output_only_orders() =>
        Assert.Equal("", Wire([("log", typeof(void))], new NodeParameter("value", null, false)));

    [Fact]
    public void Two_candidates_for_a_scalar_parameter_are_ambiguous_and_all_are_named()
    {
        var problem = Assert.Single(Problems([("a", typeof(int)), ("b", typeof(int))], Parameter<int>("value")));

        Assert.Equal(DagErrorId.DagInputAmbiguous, problem.ErrorId);
        Assert.Contains("'value'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mandatory_parameter_that_nothing_fills_is_missing()
    {
        var problem = Assert.Single(Problems([("a", typeof(int))], Parameter<int>("value"), Parameter<DateTime>("when")));

        Assert.Equal(DagErrorId.DagInputMissing, problem.ErrorId);
        Assert.Contains("'when'", problem.Message, StringComparison.Ordinal);
        Assert.Equal("target", problem.Node);
    }

    [Fact]
    public void Types_that_no_conversion_joins_are_a_mismatch() =>
        Assert.Equal(DagErrorId.DagTypeMismatch, Assert.Single(Problems([("a", typeof(int[]))], Parameter<DateTime>("when"))).ErrorId);

    [Theory]
    [InlineData(typeof(int), typeof(Guid))]
    [InlineData(typeof(long), typeof(DateTimeOffset))]
    [InlineData(typeof(bool), typeof(TimeSpan))]
    [InlineData(typeof(DateTime), typeof(int))]
    [InlineData(typeof(TimeSpan), typeof(DayOfWeek))]
    [InlineData(typeof(Guid), typeof(double))]
    [InlineData(typeof(Version), typeof(decimal))]
    [InlineData(typeof(int), typeof(Guid[]))]
    public void So_are_single_values_that_can_never_become_one_another(Type from, Type to) => Assert.Equal(
        DagErrorId.DagTypeMismatch, Assert.Single(Problems([("a", from)], new NodeParameter("x", to, true))).ErrorId);

    [Theory]
    [InlineData(typeof(int), typeof(long))]
    [InlineData(typeof(int), typeof(TimeSpan))]
    [InlineData(typeof(long), typeof(DateTime))]
    [InlineData(typeof(double), typeof(int))]
    [InlineData(typeof(string), typeof(Guid))]
    [InlineData(typeof(object), typeof(Guid))]
    [InlineData(typeof(Uri), typeof(Guid))]
    [InlineData(typeof(int), typeof(Guid?))]
    [InlineData(typeof(int[]), typeof(Guid[]))]
    [InlineData(typeof(DateTime), typeof(DateTimeOffset))]
    [InlineData(typeof(DateTime), typeof(bool))]
    [InlineData(typeof(DateTime), typeof(string))]
    [InlineData(typeof(DateTime), typeof(Version))]
    [InlineData(typeof(string[]), typeof(FileAttributes))]
    [InlineData(typeof(List<int>), typeof(DayOfWeek?))]
    public void Values_that_may_become_one_another_are_not(Type from, Type to) =>
        Assert.Empty(Problems([("a", from)], new NodeParameter("x", to, true)));

    [Fact]
    public void The_engine_could_make_no_value_of_an_edge_that_is_refused()
    {
        object[] samples =
        [
            (sbyte)1, (byte)1, (short)1, (ushort)1, 0, 1, -1, 200000, 1u, 0L, 638000000000000000L, 1ul, 0f, 1.5f, 0d, 1.5, 45000.25, 1e300,
            0m, 2.5m, true, false, '0', 'a', '\u0001', DateTime.MinValue, DateTime.MaxValue, DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue, TimeSpan.Zero, TimeSpan.FromDays(1), Guid.Empty, Guid.NewGuid(), new Version(1, 2), DateOnly.MinValue,
            DateOnly.MaxValue, TimeOnly.MinValue, TimeOnly.MaxValue,
        ];
        var types = samples.Select(sample => sample.GetType()).Append(typeof(DayOfWeek)).Distinct().ToList();
        foreach (var (from, to) in types.SelectMany(from => types.Select(to => (from, to))))
        {
            if (!TypeShape.CannotConvert(from, to))
                continue;
            Assert.All(
                samples.Where(from.IsInstanceOfType),
                value => Assert.False(
                    ClrValueConverter.Instance.TryConvert(value, to, out var made, out _), $"{value} ({from}) became {made} ({to})"));
        }
    }

    [Fact]
    public void A_call_of_a_sub_DAG_whose_source_can_never_take_the_output_is_a_mismatch()
    {
        var dag = new Dag("d").Add("one", () => 1);
        dag.Add(DagNode.Call("call", new Dag("s").Add("s", (Guid id) => id)), ["one"]);

        Assert.Equal(DagErrorId.DagTypeMismatch, Assert.Single(dag.Validate()).ErrorId);
    }

    [Fact]
    public void A_connected_parameter_and_a_constant_are_filled_first()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", () => 2);
        dag.Add(Node([Parameter<int>("x"), Parameter<int>("y"), Parameter<int>("z")], ("z", 7)), ["a"]);
        dag.Connect("b", "target", "x");

        Assert.Equal("x=b, y=a, z=7", Describe(dag));
    }

    [Fact]
    public void An_unknown_constant_names_the_parameters_that_there_are()
    {
        var dag = new Dag("d");
        dag.Add(Node([Parameter<int>("x")], ("X", 1), ("nope", 2)));

        var problem = Assert.Single(dag.Validate());

        Assert.Equal(DagErrorId.DagSourceInputUnknown, problem.ErrorId);
        Assert.Contains("'x'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_overload_whose_parameter_the_upstream_fills_is_chosen()
    {
        var abs = MethodCode.From(typeof(Math).GetMethods().Where(method => method.Name == nameof(Math.Abs)));
        var dag = new Dag("d").Add("number", () => -5).Add(new DagNode("abs", abs), ["number"]);

        var compiled = DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(), new ClrValueConverter());

        Assert.Equal(typeof(int), compiled.Nodes[1].OutputType);
    }

    [Fact]
    public void Two_overloads_that_fit_are_an_error()
    {
        var abs = MethodCode.From(typeof(Math).GetMethods().Where(method => method.Name == nameof(Math.Abs)));
        var dag = new Dag("d").Add(new DagNode("any", new FakeCode(null))).Add(new DagNode("abs", abs), ["any"]);

        Assert.Equal(DagErrorId.DagMethodAmbiguous, Assert.Single(dag.Validate()).ErrorId);
    }

    [Fact]
    public void A_parameter_with_a_default_keeps_it_where_another_takes_the_output() =>
        Assert.Equal("path=a", Wire([("a", typeof(string))], Defaulted<string>("pattern"), Parameter<string>("path")));

    [Fact]
    public void A_parameter_with_a_default_takes_an_output_that_no_other_takes() =>
        Assert.Equal("pattern=a",
            Wire([("a", typeof(string))], Parameter<int>("count") with { IsMandatory = false }, Defaulted<string>("pattern")));

    [Fact]
    public void A_list_with_a_default_collects_nothing_that_another_takes() =>
        Assert.Equal("first=a", Wire([("a", typeof(int))], Parameter<int>("first"), Defaulted<int[]>("rest")));

    [Fact]
    public void Parameters_without_a_default_share_the_one_output_of_their_type() =>
        Assert.Equal("x=a, y=a", Wire([("a", typeof(int))], Parameter<int>("x"), Parameter<int>("y")));

    [Fact]
    public void Several_declared_outputs_left_for_an_undeclared_parameter_are_ambiguous() =>
        Assert.Equal(DagErrorId.DagInputAmbiguous,
            Assert.Single(Problems([("a", typeof(int)), ("b", typeof(int))], Parameter("x") with { IsMandatory = false })).ErrorId);

    [Theory]
    [InlineData(typeof(Directory), nameof(Directory.GetFiles), "(System.String)")]
    [InlineData(typeof(Path), nameof(Path.GetFullPath), "(System.String)")]
    [InlineData(typeof(Path), nameof(Path.Combine), "(System.String[])")]
    public void An_overload_that_needs_one_output_twice_does_not_fit_where_another_needs_it_once(Type type, string name, string chosen)
    {
        var code = MethodCode.From(type.GetMethods().Where(method => method.Name == name));
        var dag = new Dag("d").Add("text", () => "a").Add(new DagNode("call", code), ["text"]);

        var compiled = DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(), new ClrValueConverter());

        Assert.EndsWith(chosen, compiled.Nodes[1].Signature!.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_of_a_dag_is_reported_at_once()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", () => 2);
        dag.Add(new DagNode("first", new FakeCode(null, Parameter<int>("x"))), ["a", "b"]);
        dag.Add(new DagNode("second", new FakeCode(null, Parameter<DateTime>("x"), Parameter<Guid>("y"))), ["a"]);

        Assert.Equal(["first", "second", "second"], dag.Validate().Select(problem => problem.Node));
    }

    [Fact]
    public void Two_cycles_and_what_is_wrong_beside_them_and_after_them_are_each_reported_once()
    {
        var dag = new Dag("d").Add("a", (int x) => x).Add("b", (int x) => x, "a").Connect("b", "a");
        dag.Add("k", (int x) => x, "b").Add("l", (int x) => x, "k").Connect("l", "k");
        dag.Add("apart", () => 1).Add(new DagNode("beside", new FakeCode(null, Parameter<int>("x"), Parameter<Guid>("y"))), ["apart"]);
        dag.Add(new DagNode("after", new FakeCode(null, Parameter<int>("x"), Parameter<Guid>("y"))), ["b"]);

        Assert.Equal(
            [("a", DagErrorId.DagCycle), ("k", DagErrorId.DagCycle), ("beside", DagErrorId.DagInputMissing),
                ("after", DagErrorId.DagInputMissing)],
            dag.Validate().Select(problem => (problem.Node, problem.ErrorId)));
    }

    [Fact]
    public void A_node_on_a_cycle_has_the_problems_that_it_has_without_the_cycle_too()
    {
        var dag = new Dag("d").Add("one", () => 1).Add("text", () => "");
        var settings = new NodeSettings { Constants = new Dictionary<string, object?> { ["nope"] = 1 } };
        dag.Add(new DagNode("fed", new FakeCode(typeof(int), Parameter<int>("x")), settings), ["one"]);
        dag.Add(new DagNode("back", new FakeCode(typeof(long), Parameter<string>("s"), Parameter<int>("x"))), ["text", "fed"]);
        var inner = new Dag("s").Add("p", (int x) => x);
        inner.Add(new DagNode("q", new FakeCode(typeof(int), Parameter<int>("x"), Parameter<Guid>("z"))), ["p"]);
        dag.Add(DagNode.Call("call", inner), ["back"]);
        dag.Connect("back", "fed").Connect("call", "back");

        Assert.Equal(
            [("fed", true), ("fed", false), ("call/q", false)],
            dag.Validate().Select(problem => (problem.Node, problem.ErrorId == DagErrorId.DagCycle)));
        Assert.Contains("'nope'", dag.Validate()[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_is_reported_with_its_path()
    {
        var dag = new Dag("d").Add("a", () => 1).Add("b", (int x) => x, "a").Add("c", (int x) => x, "b").Connect("c", "a");

        var problem = Assert.Single(dag.Validate());

        Assert.Equal(DagErrorId.DagCycle, problem.ErrorId);
        Assert.Contains("a → b → c → a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_parameter_is_told_beside_an_ambiguous_one_that_an_upstream_of_its_name_fits() => Assert.Equal(
        [DagErrorId.DagInputAmbiguous, DagErrorId.DagInputMissing],
        Problems([("x", typeof(int)), ("y", typeof(int))], Parameter<int>("n"), Parameter<DateTime>("x"))
            .Select(problem => problem.ErrorId));

    [Fact]
    public void A_map_over_a_declared_scalar_is_a_mismatch()
    {
        var dag = new Dag("d").Add("one", () => 1);
        dag.Add(DagNode.Map("map", new SubDags(new Dag("s").Add("s", (int x) => x))), ["one"]);

        Assert.Equal(DagErrorId.DagTypeMismatch, Assert.Single(dag.Validate()).ErrorId);
    }

    private static (string, Type?)[] One<TFirst, TSecond>() => [("number", typeof(TFirst)), ("text", typeof(TSecond))];

    private static NodeParameter Parameter<T>(string name) => new(name, typeof(T), true);

    private static NodeParameter Defaulted<T>(string name) => new(name, typeof(T), false, true);

    private static NodeParameter Parameter(string name) => new(name, null, true);

    private static DagNode Node(NodeParameter[] parameters, params (string Name, object? Value)[] constants) =>
        new("target", new FakeCode(null, parameters), new NodeSettings { Constants = constants.ToDictionary(c => c.Name, c => c.Value) });

    private static Dag Build((string Label, Type? Type)[] upstreams, NodeParameter[] parameters)
    {
        var dag = new Dag("d");
        foreach (var (label, type) in upstreams)
            dag.Add(new DagNode(label, new FakeCode(type)));
        return dag.Add(Node(parameters), upstreams.Select(upstream => upstream.Label));
    }

    private static IReadOnlyList<DagProblem> Problems((string, Type?)[] upstreams, params NodeParameter[] parameters) =>
        Build(upstreams, parameters).Validate();

    private static string Wire((string, Type?)[] upstreams, params NodeParameter[] parameters) => Describe(Build(upstreams, parameters));

    private static string Describe(Dag dag)
    {
        var compiled = DagCompiler.Compile(dag, null, new Dictionary<string, NodeCode>(), new ClrValueConverter());
        return string.Join(", ", compiled.Nodes[^1].Inputs.Select(input => $"{input.Parameter.Name}={Source(compiled, input)}"));
    }

    private static string Source(CompiledDag dag, InputBinding input)
    {
        var labels = string.Join(',', input.Upstreams.Select(upstream => dag.Nodes[upstream].Label));
        return input.Upstreams.Length == 0 ? $"{input.Value}" : input.IsFanIn ? $"[{labels}]" : labels;
    }
}
