BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Add-DagNode' {
    It 'takes the DAG from the pipeline, the label and the scriptblock by position, and writes nothing' {
        $dag = New-Dag p
        $dag | Add-DagNode a { 1 } | Should -BeNullOrEmpty
        $dag.Nodes.Label | Should -Be a
    }

    It 'chains with -PassThru' {
        $run = New-Dag p | Add-DagNode a { 2 } -PassThru | Add-DagNode b { param($a) $a * 3 } -After a -PassThru | Invoke-Dag -NoProvenance
        $run.Outputs['b'] | Should -Be 6
    }

    It 'takes the DAG by -Dag, and the name by -Name or -Label' {
        $dag = New-Dag p
        Add-DagNode -Dag $dag -Name a -ScriptBlock { 1 }
        Add-DagNode -Dag $dag -Label b -ScriptBlock { 1 }
        $dag.Nodes.Label | Should -Be a, b
    }

    It 'compares labels without case, and keeps them as they were written' {
        $dag = New-Dag p { Add-DagNode Fetch { 1 }; Add-DagNode use { param($x) $x } -After FETCH }
        $dag.Nodes.Label | Should -Be Fetch, use
        (Invoke-Dag $dag -NoProvenance).Outputs['USE'] | Should -Be 1
    }

    It 'takes one kind of node alone' {
        { New-Dag p { Add-DagNode a { 1 } -Method ([Math]::Abs) } } | Should -Throw -ErrorId 'PositionalParameterNotFound*'
    }

    It 'adds nothing when it is refused' {
        $dag = New-Dag p { Add-DagNode a { 1 } }
        { $dag | Add-DagNode b { 1 } -After a, $null } | Should -Throw -ErrorId 'DagNodeNotFound*'
        { $dag | Add-DagNode b { 1 } -After a, missing } | Should -Throw -ErrorId 'DagNodeNotFound*'
        $dag.Nodes.Label | Should -Be a
    }

    It 'refuses <Case> with <Id>' -ForEach @(
        @{ Case = 'a label twice'; Id = 'DagNodeDuplicate'; Add = { Add-DagNode A { 2 } } }
        @{ Case = 'an upstream that is not there'; Id = 'DagNodeNotFound'; Add = { Add-DagNode b { 1 } -After nope } }
        @{ Case = 'a map without upstream'; Id = 'DagCompositeUpstream'; Add = { Add-DagNode b -Map { 1 } } }
        @{ Case = 'a map with two upstreams'; Id = 'DagCompositeUpstream'; Add = { Add-DagNode z { 1 }; Add-DagNode b -Map { 1 } -After a, z } }
        @{ Case = 'a call of a DAG with two sinks'; Id = 'DagSubDagShape'; Add = { Add-DagNode b -Call (New-Dag two { Add-DagNode x { 1 }; Add-DagNode y { 1 }; Add-DagNode z { 1 } -After x }) -After a } }
        @{ Case = 'a call of an empty DAG'; Id = 'DagSubDagShape'; Add = { Add-DagNode b -Call (New-Dag none) -After a } }
        @{ Case = 'a branch that is no DAG'; Id = 'DagSubDagShape'; Add = { Add-DagNode b -Switch @{ one = 'text' } -After a } }
    ) {
        $problem = { New-Dag p { Add-DagNode a { 1 }; . $Add } } | Should -Throw -ErrorId "$Id*" -PassThru
        $problem.TargetObject | Should -Not -BeNullOrEmpty
        $problem.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'A scriptblock node' {
    It 'gives <Expected> for what it emits: <Case>' -ForEach @(
        @{ Case = 'nothing'; Code = { }; Expected = '$null' }
        @{ Case = 'one object'; Code = { 5 }; Expected = '5' }
        @{ Case = 'several'; Code = { 5; 6 }; Expected = '5 6' }
    ) {
        $run = New-Dag p | Add-DagNode a $Code -PassThru | Invoke-Dag -NoProvenance
        $text = if ($null -eq $run.Outputs['a']) { '$null' } else { "$($run.Outputs['a'])" }
        $text | Should -Be $Expected
    }

    It 'keeps an array declared by -OutputType as one at <Count> elements' -ForEach @{ Count = 0 }, @{ Count = 1 }, @{ Count = 2 } {
        $run = New-Dag p { Add-DagNode a { param([int]$Count) for ($i = 0; $i -lt $Count; $i++) { $i } } -OutputType ([int[]]) } |
            Invoke-Dag -SourceInput @{ Count = $Count } -NoProvenance
        , $run.Outputs['a'] | Should -BeOfType ([int[]])
        $run.Outputs['a'].Count | Should -Be $Count
    }

    It 'keeps an array declared by [OutputType()] as one at <Count> elements' -ForEach @{ Count = 0 }, @{ Count = 1 }, @{ Count = 2 } {
        $run = New-Dag p { Add-DagNode a { [OutputType([string[]])] param([int]$Count) for ($i = 0; $i -lt $Count; $i++) { $i } } } |
            Invoke-Dag -SourceInput @{ Count = $Count } -NoProvenance
        , $run.Outputs['a'] | Should -BeOfType ([string[]])
        $run.Outputs['a'].Count | Should -Be $Count
    }

    It 'fails on an output that does not convert to its declared type' {
        $run = New-Dag p { Add-DagNode a { 'no number' } -OutputType int } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        $run.FailedNode | Should -Be a
    }

    It 'sees the upstream output as $_ without a param() block, and several as an array in edge order' {
        $run = New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode one -After a { $_ + 10 }; Add-DagNode both -After b, a { "$_" } } | Invoke-Dag -NoProvenance
        $run.Outputs['one'] | Should -Be 11
        $run.Outputs['both'] | Should -Be '2 1'
    }

    It 'collects upstreams of a type into a list parameter, in edge order' {
        $run = New-Dag p {
            Add-DagNode x { 'x' } -OutputType string; Add-DagNode y { 'y' } -OutputType string; Add-DagNode n { 3 } -OutputType int
            Add-DagNode all -After y, n, x { param([string[]]$Texts, [int]$Number) "$Texts $Number" }
        } | Invoke-Dag -NoProvenance
        $run.Outputs['all'] | Should -Be 'y x 3'
    }

    It 'fills parameters by type, by name and with constants' {
        $run = New-Dag p {
            Add-DagNode day { [datetime]'2026-01-02' } -OutputType datetime; Add-DagNode name { 'Ada' }
            Add-DagNode line -After name, day -Parameter @{ Sep = '/' } { param([datetime]$When, $Name, $Sep) "$Name$Sep$($When.Day)" }
        } | Invoke-Dag -NoProvenance
        $run.Outputs['line'] | Should -Be 'Ada/2'
    }

    It 'fills the parameters of the scriptblocks of a map and of branches with constants' {
        $run = New-Dag d {
            Add-DagNode list { 1, 2 }
            Add-DagNode each -Map { param($X, $Y) "$X-$Y" } -Parameter @{ y = 9 } -After list
            Add-DagNode one -Switch @{ a = { param($X, $Y) "a$X$Y" }; b = { param($X, $Z) "b$X$Z" } } -By { 'b' } -Parameter @{ Y = 1; Z = 2 } -After list
        } | Invoke-Dag -NoProvenance
        $run.Outputs['each'] | Should -Be '1-9', '2-9'
        $run.Outputs['one'] | Should -Be 'b1 22'
    }

    It 'refuses a constant that no parameter takes: <Of>' -ForEach @(
        @{ Of = 'a map'; Node = 'n'; Make = { Add-DagNode n -Map { param($x, $yes) $x } -Parameter @{ yess = 1 } -After list } }
        @{ Of = 'a switch'; Node = 'n'; Make = { Add-DagNode n -Switch @{ a = { param($x, $yes) $x } } -By { 'a' } -Parameter @{ yess = 1 } -After list } }
        @{ Of = 'a call'; Node = 'n'; Make = { Add-DagNode n -Call (New-Dag s { Add-DagNode a { param($x, $yes) $x } }) -Parameter @{ yess = 1 } -After list } }
        @{ Of = 'the source of a sub-DAG'; Node = 'n/a'; Make = { Add-DagNode n -Call (New-Dag s { Add-DagNode a { param($x, $yes) $x } -Parameter @{ yess = 1 } }) -After list } }
    ) {
        $problem = New-Dag d { Add-DagNode list { 1, 2 }; . $Make } | Test-Dag | Where-Object Severity -EQ Error
        $problem.ErrorId, $problem.Node | Should -Be DagSourceInputUnknown, $Node
        $problem.Message | Should -BeLike "*'yess'*Did you mean 'yes'*"
    }

    It 'keeps the default of a parameter that nothing fills' {
        (New-Dag p { Add-DagNode a { param($x = 'default') $x } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be default
    }

    It 'always has $DagContext' {
        $run = New-Dag ctx { Add-DagNode where { $DagContext.DagName; $DagContext.NodeLabel; $DagContext.Attempt; $DagContext.RunId } } | Invoke-Dag -NoProvenance
        $run.Outputs['where'] | Should -Be 'ctx', 'where', '1', $run.RunId
    }

    It 'takes $using: at Add-DagNode, members and indexes too' {
        $x = 1; $o = [pscustomobject]@{ Name = 'n' }; $h = @{ k = 'v' }
        $dag = New-Dag p { Add-DagNode a { "$using:x $($using:o.Name) $($using:h['k'])" } }
        $x = 2
        (Invoke-Dag $dag -NoProvenance).Outputs['a'] | Should -Be '1 n v'
    }

    It 'takes $using: in scriptblocks inside the node, in maps and in their DAGs' {
        $add = 100
        $run = New-Dag p {
            Add-DagNode a { 1..3 | ForEach-Object { $_ + $using:add } }
            Add-DagNode m -After a -Map { $_ + $using:add }
            Add-DagNode d -After m -Map (New-Dag inner { Add-DagNode n { param($v) & { $v + $using:add } } })
        } | Invoke-Dag -NoProvenance
        $run.Outputs['d'] | Should -Be 301, 302, 303
    }

    It 'uses classes, enums and namespaces of its script' {
        $path = Join-Path $TestDrive 'classes.ps1'
        Set-Content $path @'
using namespace System.Text
enum Size { Small; Large }
class Part {
    [string]$Name; [Size]$Size
    Part($n, $s) { $this.Name = $n; $this.Size = $s }
    [string] Show() { return "$($this.Name):$($this.Size)" }
}
New-Dag p {
    Add-DagNode make { [Part]::new('bolt', 'Large') }
    Add-DagNode show -After make { param([Part]$part) $part.Show() }
    Add-DagNode build -After show { param($text) [StringBuilder]::new($text).Append('!').ToString() }
} | Invoke-Dag -NoProvenance
'@
        (& $path).Outputs['build'] | Should -Be 'bolt:Large!'
    }

    It 'knows the folder of its script' {
        $path = Join-Path $TestDrive 'placed.ps1'
        Set-Content $path 'New-Dag p { Add-DagNode a { $PSScriptRoot } } | Invoke-Dag -NoProvenance'
        (& $path).Outputs['a'] | Should -Be ([string]$TestDrive)
    }

    It 'runs with -Inline in the caller''s session, others in a worker' {
        $mine = 'caller'
        $run = New-Dag p { Add-DagNode here -Inline { $mine }; Add-DagNode there { "<$mine>" } } | Invoke-Dag -NoProvenance
        $run.Outputs['here'] | Should -Be caller
        $run.Outputs['there'] | Should -Be '<>'
    }
}

Describe 'A method node' {
    It 'takes <Case>' -ForEach @(
        @{ Case = 'a method group'; Method = ([Math]::Sqrt) }
        @{ Case = 'a text'; Method = 'System.Math::Sqrt' }
        @{ Case = 'a MethodInfo'; Method = [Math].GetMethod('Sqrt') }
        @{ Case = 'a delegate'; Method = [Func[double, double]][Math]::Sqrt }
    ) {
        $run = New-Dag p { Add-DagNode n { 16 } -OutputType double; Add-DagNode root -Method $Method -After n } | Invoke-Dag -NoProvenance
        $run.Outputs['root'] | Should -Be 4
    }

    It 'chooses the overload whose parameters the wiring fills' {
        $run = New-Dag p { Add-DagNode n { -7 } -OutputType int; Add-DagNode abs -Method ([Math]::Abs) -After n } | Invoke-Dag -NoProvenance
        $run.Outputs['abs'] | Should -Be 7
        $run.Outputs['abs'] | Should -BeOfType int
    }

    It 'refuses two overloads that fit' {
        { New-Dag p { Add-DagNode n { 1 }; Add-DagNode abs -Method ([Math]::Abs) -After n } | Invoke-Dag -NoProvenance } | Should -Throw -ErrorId 'DagMethodAmbiguous*'
    }

    It 'awaits a task' {
        $path = Join-Path $TestDrive 'read.txt'
        Set-Content $path 'content' -NoNewline
        $run = New-Dag p { Add-DagNode read -Method 'System.IO.File::ReadAllTextAsync' -Parameter @{ path = $path } } | Invoke-Dag -NoProvenance
        $run.Outputs['read'] | Should -Be content
    }
}

Describe 'A composite node' {
    It 'maps <Case>' -ForEach @(
        @{ Case = 'a list, in its order'; Code = { 3, 1, 2 }; Expected = '6 2 4' }
        @{ Case = 'a scalar of an undeclared node, as a list of one'; Code = { 4 }; Expected = '8' }
        @{ Case = 'an empty declared list'; Code = { [OutputType([int[]])] param() }; Expected = '' }
    ) {
        $run = New-Dag p | Add-DagNode a $Code -PassThru | Add-DagNode m -Map { $_ * 2 } -After a -PassThru | Invoke-Dag -NoProvenance
        $run.Status | Should -Be completed
        , $run.Outputs['m'] | Should -BeOfType ([array])
        "$($run.Outputs['m'])" | Should -Be $Expected
    }

    It 'maps a dictionary to an ordered dictionary with its keys' {
        $run = New-Dag p { Add-DagNode a { [ordered]@{ z = 1; a = 2 } }; Add-DagNode m -Map { $_ * 10 } -After a } | Invoke-Dag -NoProvenance
        $run.Outputs['m'] | Should -BeOfType ([Collections.Specialized.OrderedDictionary])
        @($run.Outputs['m'].Keys) | Should -Be z, a
        @($run.Outputs['m'].Values) | Should -Be 10, 20
    }

    It 'splices with -Flatten' {
        $run = New-Dag p { Add-DagNode a { 1..3 }; Add-DagNode m -Flatten -Map { $n = $_; foreach ($i in 1..$n) { $n } } -After a } | Invoke-Dag -NoProvenance
        $run.Outputs['m'] | Should -Be 1, 2, 2, 3, 3, 3
    }

    It 'routes each element of a map with branches by -By' {
        $run = New-Dag p { Add-DagNode a { 1..4 }; Add-DagNode m -After a -Map @{ odd = { "o$_" }; even = { "e$_" } } -By { if ($_ % 2) { 'odd' } else { 'even' } } } | Invoke-Dag -NoProvenance
        $run.Outputs['m'] | Should -Be o1, e2, o3, e4
    }

    It 'calls a DAG once, with the whole value' {
        $run = New-Dag p { Add-DagNode a { 1..3 }; Add-DagNode c -After a -Call (New-Dag sum { Add-DagNode s { param([int[]]$n) ($n | Measure-Object -Sum).Sum } }) } | Invoke-Dag -NoProvenance
        $run.Outputs['c'] | Should -Be 6
    }

    It 'switches by <Case>' -ForEach @(
        @{ Case = '-By'; Code = { 5 }; By = @{ By = { 'big' } }; Expected = 'B5' }
        @{ Case = 'a __switch__ key'; Code = { @{ __switch__ = 'small'; v = 1 } }; By = @{}; Expected = 'S1' }
        @{ Case = 'a pair of branch and value'; Code = { 'big', 7 }; By = @{}; Expected = 'B7' }
    ) {
        $run = New-Dag p { Add-DagNode a $Code; Add-DagNode s -After a -Switch @{ big = { "B$_" }; small = { "S$($_.v)" } } @By } | Invoke-Dag -NoProvenance
        $run.Outputs['s'] | Should -Be $Expected
    }

    It 'lists the branches there are when a switch names another' {
        $run = New-Dag p { Add-DagNode a { 5 }; Add-DagNode s -After a -Switch @{ big = { 1 }; small = { 2 } } -By { 'huge' } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -ErrorVariable problem
        $run.FailedNode | Should -Be s
        "$problem" | Should -BeLike '*big*'
        "$problem" | Should -BeLike '*small*'
    }

    It 'gives an element to a source with several parameters by its keys' {
        $run = New-Dag p { Add-DagNode a { @{ x = 1; y = 2 }, @{ x = 3; y = 4 } }; Add-DagNode m -After a -Map { param([int]$x, [int]$y) $x * $y } } | Invoke-Dag -NoProvenance
        $run.Outputs['m'] | Should -Be 2, 12
    }

    It 'nests maps at -ThrottleLimit 1' {
        $inner = New-Dag inner { Add-DagNode s { param($x) 1..$x }; Add-DagNode m -After s -Map { $_ * 10 } -ThrottleLimit 1 }
        $run = New-Dag p { Add-DagNode a { 1..3 }; Add-DagNode m -After a -Flatten -Map $inner -ThrottleLimit 1 } | Invoke-Dag -NoProvenance -ThrottleLimit 1
        $run.Outputs['m'] | Should -Be 10, 10, 20, 10, 20, 30
    }
}
