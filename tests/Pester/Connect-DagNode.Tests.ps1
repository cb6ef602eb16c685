BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Connect-DagNode' {
    It 'takes from and to by position inside a definition, and writes nothing' {
        $emitted = [Collections.Generic.List[object]]::new()
        $run = New-Dag p { Add-DagNode a { 3 }; Add-DagNode b { param($x) $x + 1 }; Connect-DagNode a b | ForEach-Object { $emitted.Add($_) } } | Invoke-Dag -NoProvenance
        $run.Outputs['b'] | Should -Be 4
        $emitted | Should -BeNullOrEmpty
    }

    It 'takes the DAG from the pipeline and chains with -PassThru' {
        $run = New-Dag p | Add-DagNode a { 1 } -PassThru | Add-DagNode b { param($x) $x + 1 } -PassThru | Add-DagNode c { param($x) $x * 10 } -PassThru |
            Connect-DagNode a b -PassThru | Connect-DagNode -From b -To c -PassThru | Invoke-Dag -NoProvenance
        $run.Outputs['c'] | Should -Be 20
    }

    It 'joins each of several to each of several' {
        $run = New-Dag p {
            Add-DagNode a { 'a' } -OutputType string; Add-DagNode b { 'b' } -OutputType string
            Add-DagNode c { param([string[]]$x) "c$x" }; Add-DagNode d { param([string[]]$x) "d$x" }
            Connect-DagNode b, a c, d
        } | Invoke-Dag -NoProvenance
        $run.Outputs['c'] | Should -Be 'cb a'
        $run.Outputs['d'] | Should -Be 'db a'
    }

    It 'fills the parameter that -Parameter names, whatever the types say' {
        $run = New-Dag p {
            Add-DagNode one { 1 } -OutputType int; Add-DagNode two { 2 } -OutputType int
            Add-DagNode minus { param([int]$Left, [int]$Right) $Left - $Right }
            Connect-DagNode one minus -Parameter Right
            Connect-DagNode two minus -Parameter LEFT
        } | Invoke-Dag -NoProvenance
        $run.Outputs['minus'] | Should -Be 1
    }

    It 'only orders where the downstream takes nothing' {
        $log = Join-Path $TestDrive 'order.txt'
        $null = New-Dag p {
            Add-DagNode late { Add-Content $using:log late }
            Add-DagNode early { Add-Content $using:log early }
            Connect-DagNode early late
        } | Invoke-Dag -NoProvenance -ErrorAction Stop
        Get-Content $log | Should -Be early, late
    }

    It 'refuses <Case> with <Id>, and adds no edge' -ForEach @(
        @{ Case = 'an unknown upstream'; Id = 'DagNodeNotFound'; From = 'nope'; To = 'b' }
        @{ Case = 'an unknown downstream'; Id = 'DagNodeNotFound'; From = 'a'; To = 'b', 'nope' }
    ) {
        $dag = New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { '<' + $args.Count + '>' } }
        $problem = { $dag | Connect-DagNode $From $To } | Should -Throw -ErrorId "$Id*" -PassThru
        "$problem" | Should -BeLike '*nope*'
        ($dag | Invoke-Dag -NoProvenance).Outputs.Keys | Should -Be a, b
    }

    It 'finds a cycle, with its path, before anything runs' {
        $dag = New-Dag p { Add-DagNode a { param($x) 1 }; Add-DagNode b { param($x) 1 } -After a; Add-DagNode c { param($x) 1 } -After b }
        $problem = { $dag | Connect-DagNode c a; $dag | Invoke-Dag -NoProvenance } | Should -Throw -ErrorId 'DagCycle*' -PassThru
        foreach ($label in 'a', 'b', 'c') { "$problem" | Should -Match "\b$label\b" }
    }

    It 'finds a node that feeds itself' {
        { $dag = New-Dag p { Add-DagNode a { 1 }; Connect-DagNode a a }; Invoke-Dag $dag -NoProvenance } | Should -Throw -ErrorId 'DagCycle*'
    }

    It 'refuses a second upstream for a composite' {
        { New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode m -Map { $_ } -After a; Connect-DagNode b m } | Invoke-Dag -NoProvenance } | Should -Throw -ErrorId 'DagCompositeUpstream*'
    }
}
